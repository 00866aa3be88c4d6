import { z } from 'zod'
import { empty, json, type Operation, page } from '../http/operation.ts'
import { paths } from '../http/paths.ts'

/** Signing out. */
export const signOutOperations: Operation[] = [
  {
    method: 'get',
    path: paths.signOut,
    summary: 'A page with the button, for links from other servers.',
    tag: 'Sign-in',
    access: 'session',
    answers: { 200: page('The page.'), 303: empty('Not signed in: to the sign-in page.') },
  },
  {
    method: 'post',
    path: paths.signOut,
    summary: 'Sign out: this session ends for good, with every token of its sign-in.',
    tag: 'Sign-in',
    access: 'anybody',
    form: true,
    answers: {
      200: json('Signed out, or never signed in.', z.object({})),
      303: empty('The same for a browser: on to the sign-in page.'),
    },
  },
]

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
    summary: 'Sign out: end this session and every token of its sign-in.',
    tag: 'Sign-in',
    access: 'anybody',
    form: true,
    answers: {
      200: json('Signed out, or was not signed in.', z.object({})),
      303: empty('For a browser: on to the sign-in page.'),
    },
  },
]

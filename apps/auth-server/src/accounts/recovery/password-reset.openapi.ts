import { z } from 'zod'
import { linkInput } from '../links/link-page.ts'
import { empty, json, type Operation, page } from '../../http/operation.ts'
import { paths } from '../../http/paths.ts'
import { resetInput } from './reset-password.ts'

const problems = { 400: ['invalid_or_expired_token'] }

/** Another password by mail. */
export const passwordResetOperations: Operation[] = [
  {
    method: 'get',
    path: paths.reset,
    summary: 'The form behind the mail’s link.',
    tag: 'Password',
    access: 'anybody',
    query: linkInput,
    answers: { 200: page('The form.'), 400: page('The link is not good any more.') },
    problems,
  },
  {
    method: 'post',
    path: paths.resetPassword,
    summary: 'Choose another password: every session and token ends, nobody is signed in.',
    tag: 'Password',
    access: 'anybody',
    body: resetInput,
    form: true,
    answers: {
      200: json('Changed.', z.object({ reset: z.literal(true) })),
      303: empty('Changed by a form: on to the sign-in page.'),
      400: page('The form once more, or the link is not good any more.'),
    },
    problems,
  },
]

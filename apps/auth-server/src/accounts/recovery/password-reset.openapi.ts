import { z } from 'zod'
import { linkInput } from '../links/link-page.ts'
import { empty, json, type Operation, page } from '../../http/operation.ts'
import { paths } from '../../http/paths.ts'
import { resetInput } from './reset-password.ts'

const problems = { 400: ['invalid_or_expired_token'] }

/** Resetting a password by e-mail. */
export const passwordResetOperations: Operation[] = [
  {
    method: 'get',
    path: paths.reset,
    summary: 'The form behind the link in the e-mail.',
    tag: 'Password',
    access: 'anybody',
    query: linkInput,
    answers: { 200: page('The form.'), 400: page('The link is no longer valid.') },
    problems,
  },
  {
    method: 'post',
    path: paths.resetPassword,
    summary: 'Choose a new password: ends every session and token, and signs nobody in.',
    tag: 'Password',
    access: 'anybody',
    body: resetInput,
    form: true,
    answers: {
      200: json('Changed.', z.object({ reset: z.literal(true) })),
      303: empty('Changed by a form: to the sign-in page.'),
      400: page('The form again, or the link is no longer valid.'),
    },
    problems,
  },
]

import { z } from 'zod'
import { checkYourMail } from '../../http/operation-answers.ts'
import { jsonOrPage, type Operation, page } from '../../http/operation.ts'
import { paths } from '../../http/paths.ts'
import { signUpInput } from './sign-up-input.ts'

const again = page('The form again, with the problems.')

/** Signing up with an invitation. */
export const signUpOperations: Operation[] = [
  {
    method: 'get',
    path: paths.invite,
    summary: 'The sign-up page (`token`), or the page that confirms an account (`confirmation`).',
    tag: 'Sign-up',
    access: 'anybody',
    query: z.object({ token: z.string().optional(), confirmation: z.string().optional() }),
    answers: { 200: page('The page.') },
    problems: { 410: ['invite_used_or_expired'] },
  },
  {
    method: 'post',
    path: paths.signUp,
    summary: 'Sign up: the same answer whether or not the address has an account.',
    tag: 'Sign-up',
    access: 'anybody',
    body: signUpInput,
    form: true,
    answers: {
      202: jsonOrPage('Accepted: check your e-mail.', checkYourMail),
      400: again,
      409: again,
    },
    problems: {
      409: ['username_taken'],
      410: ['invite_used_or_expired'],
      429: ['too_many_attempts'],
    },
  },
]

import { z } from 'zod'
import { checkYourMail } from '../../http/operation-answers.ts'
import { jsonOrPage, type Operation, page } from '../../http/operation.ts'
import { paths } from '../../http/paths.ts'
import { challengeSchema } from '../reservations/proof-of-work.ts'
import { signUpInput } from './sign-up-input.ts'

const again = page('The form again, with the problems.')
const openSignUp = z.object({
  domains: z.array(z.string()).nullable(),
  challenge: challengeSchema.nullable(),
})

/** Signing up, with an invitation or without one. */
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
    method: 'get',
    path: paths.signUp,
    summary:
      'Sign up without an invitation, if SIGN_UP allows it: the domains of addresses that need none (null: any), and the task whose solution the next sign-up has to bring (null: none).',
    tag: 'Sign-up',
    access: 'anybody',
    answers: { 200: jsonOrPage('The form; for a program, what a sign-up needs.', openSignUp) },
    problems: { 403: ['invite_needed'] },
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
      403: again,
      409: again,
      429: again,
    },
    problems: {
      403: ['invite_needed'],
      409: ['username_taken'],
      410: ['invite_used_or_expired'],
      429: ['too_many_attempts', 'proof_needed'],
    },
  },
]

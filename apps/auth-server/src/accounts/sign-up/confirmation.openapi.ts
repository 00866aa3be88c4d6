import { z } from 'zod'
import { empty, json, type Operation, page } from '../../http/operation.ts'
import { paths } from '../../http/paths.ts'
import { confirmInput } from './confirm-input.ts'

/** Confirming an account. */
export const confirmationOperations: Operation[] = [
  {
    method: 'post',
    path: paths.confirmAccount,
    summary:
      'Confirm an account with the token from the e-mail and, after a sign-up without an invitation, the password of the sign-up. Repeating it is fine.',
    tag: 'Sign-up',
    access: 'anybody',
    body: confirmInput,
    form: true,
    answers: {
      200: json('Confirmed.', z.object({ confirmed: z.literal(true) })),
      303: empty('Confirmed by a form: to the sign-in page.'),
      400: page('The link is no longer valid, or the page again because the password is missing.'),
      401: page('The page again: the password is not that of the sign-up.'),
    },
    problems: {
      400: ['invalid_or_expired_token'],
      401: ['invalid_credentials'],
      409: ['username_taken'],
      429: ['too_many_attempts', 'address_suspended'],
    },
  },
]

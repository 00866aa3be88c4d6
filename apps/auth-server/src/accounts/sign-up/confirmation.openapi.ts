import { z } from 'zod'
import { linkInput } from '../links/link-page.ts'
import { empty, json, type Operation, page } from '../../http/operation.ts'
import { paths } from '../../http/paths.ts'

/** Confirming an account. */
export const confirmationOperations: Operation[] = [
  {
    method: 'post',
    path: paths.confirmAccount,
    summary: 'Confirm an account with the token from the e-mail; repeating it is fine.',
    tag: 'Sign-up',
    access: 'anybody',
    body: linkInput,
    form: true,
    answers: {
      200: json('Confirmed.', z.object({ confirmed: z.literal(true) })),
      303: empty('Confirmed by a form: to the sign-in page.'),
      400: page('The link is no longer valid.'),
    },
    problems: { 400: ['invalid_or_expired_token'] },
  },
]

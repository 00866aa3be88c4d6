import { z } from 'zod'
import { linkInput } from '../links/link-page.ts'
import { empty, json, type Operation, page } from '../../http/operation.ts'
import { paths } from '../../http/paths.ts'

/** Confirming an account. */
export const confirmationOperations: Operation[] = [
  {
    method: 'post',
    path: paths.confirmAccount,
    summary: 'Confirm an account with the mail’s token; the same one again is fine.',
    tag: 'Sign-up',
    access: 'anybody',
    body: linkInput,
    form: true,
    answers: {
      200: json('Confirmed.', z.object({ confirmed: z.literal(true) })),
      303: empty('Confirmed by a form: on to the sign-in page.'),
      400: page('The link is not good any more.'),
    },
    problems: { 400: ['invalid_or_expired_token'] },
  },
]

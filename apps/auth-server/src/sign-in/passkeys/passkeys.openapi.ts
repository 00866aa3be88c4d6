import { z } from 'zod'
import { publicUserSchema } from '../../users/public-user.ts'
import { empty, json, type Operation } from '../../http/operation.ts'
import { paths } from '../../http/paths.ts'
import { assertionInput } from './passkey-input.ts'

const tag = 'Sign-in'

/** Signing in with a passkey. */
export const passkeyOperations: Operation[] = [
  {
    method: 'post',
    path: paths.passkeyOptions,
    summary: 'WebAuthn request options for the pending step or for any passkey.',
    tag,
    access: 'anybody',
    answers: {
      200: json('PublicKeyCredentialRequestOptionsJSON.', z.looseObject({ challenge: z.string() })),
    },
  },
  {
    method: 'post',
    path: paths.passkey,
    summary: 'Sign in with a passkey, alone or after the password.',
    tag,
    access: 'anybody',
    body: assertionInput,
    answers: {
      200: json('Signed in.', z.object({ user: publicUserSchema })),
      303: empty('Signed in: on to `returnTo`.'),
    },
    problems: {
      401: ['invalid_passkey'],
      409: ['sign_in_overtaken', 'changed_meanwhile'],
      429: ['too_many_attempts', 'address_suspended'],
    },
  },
]

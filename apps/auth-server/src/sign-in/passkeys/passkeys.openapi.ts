import { z } from 'zod'
import { publicUserSchema } from '../../users/public-user.ts'
import { empty, json, jsonOrPage, type Operation, page } from '../../http/operation.ts'
import { paths } from '../../http/paths.ts'
import { assertionInput, credentialForm } from './passkey-input.ts'

const tag = 'Sign-in'
const again = page('The form again, with its problems.')

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
    problems: { 429: ['too_many_attempts'] },
  },
  {
    method: 'post',
    path: paths.passkey,
    summary: 'Sign in with a passkey, alone or after the password.',
    tag,
    access: 'anybody',
    body: assertionInput,
    form: credentialForm(z.object({ returnTo: z.string().optional() })),
    answers: {
      200: jsonOrPage(
        'Signed in; from a form, a page that opens a URL at another app.',
        z.object({ user: publicUserSchema }),
      ),
      303: empty('From a form: on to `returnTo`.'),
      400: again,
      401: again,
      403: again,
      409: again,
      429: again,
    },
    problems: {
      401: ['invalid_passkey'],
      409: ['sign_in_overtaken', 'changed_meanwhile'],
      429: ['too_many_attempts', 'address_suspended'],
    },
  },
]

import { z } from 'zod'
import { moment } from '../../../http/operation-answers.ts'
import { empty, json, jsonOrPage, type Operation, page } from '../../../http/operation.ts'
import { paths } from '../../../http/paths.ts'
import {
  credentialForm,
  passkeyNameInput,
  registrationInput,
} from '../../../sign-in/passkeys/passkey-input.ts'
import { codeInput } from '../../../sign-in/sign-in-input.ts'

const tag = 'Second factors'
const access = 'session'
const recoveryCodes = z.object({ recoveryCodes: z.array(z.string()) })
const removed = { 204: empty('Removed.'), 303: empty('Removed by a form.') }
const renamed = { 204: empty('Renamed.'), 303: empty('Renamed by a form.') }
const toSignIn = empty('Not signed in, or not recently enough: to the sign-in or password page.')
const overtaken = ['changed_meanwhile']

/** What the routes that remove a factor have in common. */
const removal = {
  tag,
  access,
  answers: removed,
  problems: { 409: ['last_factor', ...overtaken] },
} as const

/** What the routes that rename a passkey have in common. */
const renaming = {
  tag,
  access,
  body: passkeyNameInput,
  answers: renamed,
  problems: { 409: overtaken },
} as const

/** The second factors of a user's own account. */
export const securityOperations: Operation[] = [
  {
    method: 'get',
    path: paths.factors,
    summary: 'List the second factors of the account.',
    tag,
    access,
    query: z.object({ returnTo: z.string().optional(), notice: z.string().optional() }),
    answers: {
      200: jsonOrPage(
        'What the account has.',
        z.object({
          totp: z.object({ confirmedAt: moment }).nullable(),
          passkeys: z.array(
            z.object({
              id: z.string(),
              name: z.string(),
              createdAt: moment,
              lastUsedAt: moment.nullable(),
              backedUp: z.boolean(),
            }),
          ),
          recoveryCodes: z.object({ left: z.int() }),
          required: z.boolean(),
        }),
      ),
      303: toSignIn,
    },
  },
  {
    method: 'post',
    path: paths.totp,
    summary: 'Make a new secret for an authenticator app; a code must confirm it.',
    tag,
    access,
    form: true,
    answers: {
      200: jsonOrPage(
        'The secret.',
        z.object({ secret: z.string(), uri: z.string(), qr: z.string() }),
      ),
      303: toSignIn,
    },
    problems: { 409: overtaken },
  },
  {
    method: 'post',
    path: paths.confirmTotp,
    summary: 'Confirm an authenticator app; the first factor comes with recovery codes.',
    tag,
    access,
    body: codeInput,
    form: true,
    answers: {
      200: jsonOrPage('Confirmed.', recoveryCodes.partial()),
      303: empty('Confirmed by a form.'),
      400: page('The form again, with the problems.'),
      401: page('The form again, with the problems.'),
    },
    problems: {
      401: ['invalid_code'],
      409: ['sign_in_overtaken', ...overtaken],
      429: ['too_many_attempts', 'address_suspended'],
    },
  },
  {
    method: 'delete',
    path: paths.totp,
    summary: 'Remove the authenticator app.',
    ...removal,
  },
  {
    method: 'post',
    path: paths.deleteTotp,
    summary: 'The same, for the form.',
    form: true,
    ...removal,
  },
  {
    method: 'post',
    path: paths.recoveryCodes,
    summary: 'Make ten new recovery codes, which replace the old ones.',
    tag,
    access,
    form: true,
    answers: { 200: jsonOrPage('The codes.', recoveryCodes), 303: toSignIn },
    problems: { 409: ['no_factor', ...overtaken] },
  },
  {
    method: 'post',
    path: paths.newPasskey,
    summary: 'Get the WebAuthn creation options for a new passkey.',
    tag,
    access,
    answers: {
      200: json(
        'PublicKeyCredentialCreationOptionsJSON.',
        z.looseObject({ challenge: z.string() }),
      ),
    },
  },
  {
    method: 'post',
    path: paths.passkeys,
    summary: 'Add a passkey; the first factor comes with recovery codes.',
    tag,
    access,
    body: registrationInput,
    form: credentialForm(z.object({ name: z.string() })),
    answers: {
      200: page('From a form: the recovery codes.'),
      201: json(
        'Added.',
        z.object({ id: z.string(), name: z.string(), ...recoveryCodes.partial().shape }),
      ),
      303: empty('Added by a form.'),
    },
    problems: { 401: ['invalid_passkey'], 409: ['sign_in_overtaken', ...overtaken] },
  },
  {
    method: 'patch',
    path: `${paths.passkeys}/:id`,
    summary: 'Rename a passkey.',
    ...renaming,
  },
  {
    method: 'post',
    path: `${paths.passkeys}/:id/rename`,
    summary: 'The same, for the form.',
    form: true,
    ...renaming,
  },
  {
    method: 'delete',
    path: `${paths.passkeys}/:id`,
    summary: 'Remove a passkey.',
    ...removal,
  },
  {
    method: 'post',
    path: `${paths.passkeys}/:id/delete`,
    summary: 'The same, for the form.',
    form: true,
    ...removal,
  },
]

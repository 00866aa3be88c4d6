import { z } from 'zod'
import { clientFormInput, newClientInput } from '../../oauth/clients/client-input.ts'
import { moment } from '../../http/operation-answers.ts'
import { jsonOrPage, type Operation } from '../../http/operation.ts'
import { paths } from '../../http/paths.ts'
import { asked, done, shown } from '../admin-operation.ts'
import { rotateKeyInput, rotateSecretInput } from './rotation-input.ts'

const texts = z.array(z.string())
const described = {
  name: z.string(),
  kind: z.string(),
  redirectUris: texts,
  postLogoutRedirectUris: texts,
  backchannelLogoutUri: z.string().nullable(),
  pkce: z.string(),
  audiences: texts,
  scopes: texts,
  alg: z.string().nullable(),
  idTokenAlg: z.string(),
  jwks: z.object({ keys: z.array(z.looseObject({ kid: z.string() })) }).nullable(),
  createdAt: moment,
  lastUsedAt: moment.nullable(),
  secrets: z.array(
    z.object({
      id: z.string(),
      createdAt: moment,
      lastUsedAt: moment.nullable(),
      expiresAt: moment.nullable(),
    }),
  ),
  keys: z.array(z.object({ kid: z.string(), alg: z.string(), signsFrom: moment })),
}
const client = z.object({ id: z.string(), ...described })
const credentials = { client_id: z.string(), client_secret: z.string() }
const rotatedSecret = z.object({ ...credentials, previousEndsAt: moment })
const rotatedKey = z.object({ client_id: z.string(), kid: z.string(), signsFrom: moment })

// For machine clients alone.
const notHeld = { 403: ['scope_not_held'] }
const all = paths.adminClients
const one = `${all}/:id`

/** Clients, as admins see and change them. */
export const adminClientOperations: Operation[] = [
  shown(all, 'Every client, newest first.', {
    schema: z.object({ clients: z.array(client) }),
  }),
  asked(`${all}/new`, 'The form for a new client.'),
  {
    ...done(all, 'Register a client; a form sends its lists with one entry a line.', {
      body: newClientInput,
      problems: { ...notHeld, 409: ['audience_taken', 'client_exists'] },
    }),
    answers: {
      201: jsonOrPage(
        'Its secret, shown only this once.',
        z.object({ ...credentials, ...described }),
      ),
    },
  },
  shown(one, 'One client.', { schema: client }),
  asked(`${one}/edit`, 'The form that edits a client.'),
  {
    ...done(`${one}/edit`, 'Edit a client; omitted fields stay as they are.', {
      body: clientFormInput,
      problems: { ...notHeld, 409: ['changed_meanwhile'] },
    }),
    answers: { 200: jsonOrPage('The edited client.', client) },
  },
  asked(`${one}/secret`, 'Confirms a new secret.'),
  {
    ...done(`${one}/secret`, 'Give a client a new secret.', {
      body: rotateSecretInput,
      problems: { ...notHeld, 409: ['secrets_changed_meanwhile'] },
    }),
    answers: { 200: jsonOrPage('The secret, shown only this once.', rotatedSecret) },
  },
  asked(`${one}/key`, 'Confirms a new signing key.'),
  {
    ...done(`${one}/key`, 'Give a client a new signing key.', {
      body: rotateKeyInput,
      problems: { ...notHeld, 409: ['keys_changed_meanwhile'] },
    }),
    answers: { 200: jsonOrPage('When the key starts to sign.', rotatedKey) },
  },
  asked(`${one}/remove`, 'Confirms the removal of a client.'),
  done(`${one}/remove`, 'Remove a client and its tokens.', { problems: notHeld }),
]

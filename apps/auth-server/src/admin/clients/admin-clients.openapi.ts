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

const all = paths.adminClients
const one = `${all}/:id`

/** Client sites, seen and changed by admins. */
export const adminClientOperations: Operation[] = [
  shown(all, 'Every client, the newest first.', {
    schema: z.object({ clients: z.array(client) }),
  }),
  asked(`${all}/new`, 'The form for a new client.'),
  {
    ...done(all, 'Register a client; a form sends its lists one entry to a line.', {
      body: newClientInput,
      problems: { 409: ['audience_taken', 'client_exists'] },
    }),
    answers: {
      201: jsonOrPage('Its secret, told this once.', z.object({ ...credentials, ...described })),
    },
  },
  shown(one, 'One client.', { schema: client }),
  asked(`${one}/edit`, 'The form that changes it.'),
  {
    ...done(`${one}/edit`, 'Change it; what is not given stays.', {
      body: clientFormInput,
      problems: { 409: ['changed_meanwhile'] },
    }),
    answers: { 200: jsonOrPage('As it is then.', client) },
  },
  asked(`${one}/secret`, 'Asks before its secret is rotated.'),
  {
    ...done(`${one}/secret`, 'Give it another secret.', {
      body: rotateSecretInput,
      problems: { 409: ['secrets_changed_meanwhile'] },
    }),
    answers: { 200: jsonOrPage('The secret, told this once.', rotatedSecret) },
  },
  asked(`${one}/key`, 'Asks before its signing key is rotated.'),
  {
    ...done(`${one}/key`, 'Give it another signing key.', {
      body: rotateKeyInput,
      problems: { 409: ['keys_changed_meanwhile'] },
    }),
    answers: { 200: jsonOrPage('From when on it signs.', rotatedKey) },
  },
  asked(`${one}/remove`, 'Asks before it is removed.'),
  done(`${one}/remove`, 'Remove it, with its tokens.'),
]

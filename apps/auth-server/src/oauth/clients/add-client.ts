import { randomUUID } from 'node:crypto'
import { invalidInput } from 'service-kit'
import type { AuditSource } from '../../audit/build-audit-record.ts'
import type { Audit } from '../../audit/create-audit.ts'
import { audienceTaken, clientExists } from '../../http/errors.ts'
import { isDuplicate } from '../../storage/is-duplicate.ts'
import type { NewClient } from './client-input.ts'
import { makeClientSecret } from './client-secret.ts'
import { type Client, type Clients, toClient } from './client.model.ts'
import type { Keyring } from './keyring.ts'
import { makeSigningKey } from './make-signing-key.ts'

type Deps = { clients: Clients; keyring: Keyring; audit: Audit; config: { issuer: string } }

/**
 * Registers a client. Its secret is returned only here; an app or a client with keys of its own has none, so
 * it is empty. The first key signs at once, because resource servers fetch the keys again when they see an
 * unknown one.
 *
 * @throws Problem 409 `audience_taken`, or `client_exists` if the given id exists; 400 `invalid_input`
 *   for an audience of no resource server, or the issuer as one
 */
export async function addClient(
  { clients, keyring, audit, config }: Deps,
  { id = randomUUID(), alg, audience, ...input }: NewClient,
  from: AuditSource,
): Promise<{ client: Client; secret: string }> {
  // Tokens for the issuer open userinfo and the admin routes, so only the auth server itself reads them.
  if (audience?.replace(/\/$/, '') === config.issuer) throw audienceOfIssuer()
  await checkAudiences(clients, input.audiences)
  const made = input.kind === 'app' || input.jwks ? undefined : makeClientSecret()
  const now = new Date()
  const record = {
    ...input,
    audience: audience ?? `none:${id}`,
    secrets: made ? [made.stored] : [],
    keys: [await makeSigningKey(keyring, { alg, signsFrom: now })],
    createdAt: now,
  }
  const created = await clients.create({ _id: id, ...record }).catch(async (error: unknown) => {
    if (!isDuplicate(error)) throw error
    throw (await clients.exists({ _id: { $eq: id } })) ? clientExists(error) : audienceTaken(error)
  })
  const client = toClient(created.toObject())
  audit.clientAdded(from, { client, kind: client.kind })
  return { client, secret: made?.secret ?? '' }
}

/** @throws Problem 400 `invalid_input` naming an audience that no resource server has */
export async function checkAudiences(clients: Clients, audiences: string[]): Promise<void> {
  const known = await clients.distinct('audience', { audience: { $in: audiences } })
  const unknown = audiences.find((audience) => !known.includes(audience))
  if (unknown === undefined) return
  const message = `No resource server has the audience ${unknown}.`
  throw invalidInput([{ field: 'audiences', message }])
}

function audienceOfIssuer(): Error {
  const message = 'This is the address of the auth server. Use the address of the resource server.'
  return invalidInput([{ field: 'audience', message }])
}

import { createHash } from 'node:crypto'
import { pageNotFound, validate } from 'service-kit'
import type { AuditSource } from '../../audit/build-audit-record.ts'
import type { Audit } from '../../audit/create-audit.ts'
import { changedMeanwhile } from '../../http/errors.ts'
import { checkAudiences } from './add-client.ts'
import { type ClientChanges, newClientInput } from './client-input.ts'
import { type Client, type Clients, toClient } from './client.model.ts'

/**
 * Changes what a client is called, where it may send people back to and what it may ask for. What it
 * was given by then stays as it is: a token keeps its scope until it is over.
 *
 * @param given.seen the `clientVersion` the form was opened with; if it has changed since, nothing is
 *   written
 * @returns the client as it is then
 * @throws Problem 400 `invalid_input` for what its kind cannot be, or an audience that nobody has;
 *   404 `not_found` where it was removed meanwhile; 409 `changed_meanwhile`
 */
export async function editClient(
  { clients, audit }: { clients: Clients; audit: Audit },
  client: Client,
  { seen, from, ...changes }: ClientChanges & { seen?: string | undefined; from: AuditSource },
): Promise<Client> {
  if (seen !== undefined && seen !== clientVersion(client)) throw changedMeanwhile()
  const { kind } = client
  const audience = kind === 'resource_server' ? { audience: client.audience } : {}
  const edited = { kind, ...changeable(client), ...audience, ...changes }
  validate(newClientInput, edited)
  await checkAudiences(clients, changes.audiences ?? [])
  const same = { _id: { $eq: client.id }, ...(seen !== undefined && asSeen(client)) }
  const record = await clients
    .findOneAndUpdate(same, { $set: changes }, { returnDocument: 'after' })
    .lean()
  if (!record)
    throw (await clients.exists({ _id: { $eq: client.id } })) ? changedMeanwhile() : pageNotFound()
  const changed = toClient(record)
  const fields = changedFields(client, changed)
  if (fields.length > 0) audit.clientEdited(from, { client: changed, fields: fields.join(' ') })
  return changed
}

function changedFields(before: Client, after: Client): string[] {
  const fields = Object.entries(changeable(before))
  const now: Record<string, unknown> = changeable(after)
  return fields.flatMap(([field, value]) =>
    JSON.stringify(value) === JSON.stringify(now[field]) ? [] : [field],
  )
}

/** What the form showed; what it does not show cannot be overwritten by it. */
function asSeen({ name, redirectUris, audiences, scopes }: Client) {
  return {
    name: { $eq: name },
    redirectUris: { $eq: redirectUris },
    audiences: { $eq: audiences },
    scopes: { $eq: scopes },
  }
}

function changeable(client: Client) {
  const { name, redirectUris, postLogoutRedirectUris, backchannelLogoutUri } = client
  const { audiences, scopes, pkce, idTokenAlg } = client
  return {
    name,
    redirectUris,
    postLogoutRedirectUris,
    backchannelLogoutUri,
    audiences,
    scopes,
    pkce,
    idTokenAlg,
  }
}

/** What of a client can be changed, as a text that is another one once any of it was. */
export function clientVersion({ name, redirectUris, audiences, scopes }: Client): string {
  const content = JSON.stringify([name, redirectUris, audiences, scopes])
  return createHash('sha256').update(content).digest('base64url')
}

import { createHash } from 'node:crypto'
import { pageNotFound, validate } from 'service-kit'
import type { AuditSource } from '../../audit/build-audit-record.ts'
import type { Audit } from '../../audit/create-audit.ts'
import { changedMeanwhile } from '../../http/errors.ts'
import { checkAudiences } from './add-client.ts'
import { type ClientChanges, newClientInput } from './client-input.ts'
import { type Client, type Clients, toClient } from './client.model.ts'

/**
 * Changes a client's name, redirect URIs, scopes and other settings. Tokens that it already has stay
 * as they are: a token keeps its scope until it expires.
 *
 * @param given.seen the `clientVersion` the form was opened with; if it has changed since, nothing is
 *   written
 * @returns the changed client
 * @throws Problem 400 `invalid_input` for values that its kind does not allow, or an unknown audience;
 *   404 `not_found` if it was removed in the meantime; 409 `changed_meanwhile`
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

/** Matches the client only while the fields of the form have the values that it showed. */
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
  const { audiences, scopes, pkce, idTokenAlg, jwks } = client
  return {
    name,
    redirectUris,
    postLogoutRedirectUris,
    backchannelLogoutUri,
    audiences,
    scopes,
    pkce,
    idTokenAlg,
    jwks,
  }
}

/** A hash of the fields in the form. It changes when any of them does. */
export function clientVersion({ name, redirectUris, audiences, scopes }: Client): string {
  const content = JSON.stringify([name, redirectUris, audiences, scopes])
  return createHash('sha256').update(content).digest('base64url')
}

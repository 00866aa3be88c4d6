import { invalidClient } from '../oauth-error.ts'
import { findSecret } from './client-secret.ts'
import type { Client, ClientKind, Clients, ClientSecret } from './client.model.ts'
import { findClient, findCachedClient } from './find-client.ts'
import type { ClientCredentials } from './read-client-credentials.ts'

/** The use of a secret is noted once an hour at most, to save a write per request. */
const NOTE_USE_EVERY_MS = 60 * 60 * 1000

/**
 * Finds the client that the credentials belong to.
 *
 * @param options.kinds the kinds that may make this request
 * @throws Problem 401 `invalid_client`, identical for an unknown client, a wrong or expired secret and
 *   a kind that is not allowed
 */
export async function authenticateClient(
  clients: Clients,
  credentials: ClientCredentials | undefined,
  { kinds }: { kinds: readonly ClientKind[] },
): Promise<Client> {
  if (credentials === undefined) throw invalidClient()
  // Another process may have rotated the secret since the client was read into memory.
  for (const find of [findCachedClient, findClient]) {
    // oxlint-disable-next-line no-await-in-loop -- the second one is rarely needed
    const client = await find(clients, credentials.id)
    const secret = findSecret(client?.secrets ?? [], credentials.secret)
    if (!client || !secret || !kinds.includes(client.kind)) continue
    // oxlint-disable-next-line no-await-in-loop
    await noteUse(clients, client, secret)
    return client
  }
  throw invalidClient()
}

async function noteUse(clients: Clients, client: Client, secret: ClientSecret): Promise<void> {
  const now = new Date()
  if (now.getTime() - (secret.lastUsedAt?.getTime() ?? 0) <= NOTE_USE_EVERY_MS) return
  const at = client.secrets.indexOf(secret)
  await clients.updateOne(
    { _id: client.id, [`secrets.${at}.id`]: secret.id },
    { $set: { [`secrets.${at}.lastUsedAt`]: now } },
  )
}

import { invalidClient } from '../oauth-error.ts'
import { findSecret } from './client-secret.ts'
import type { Client, ClientKind, Clients } from './client.model.ts'
import { findClient } from './find-client.ts'
import type { ClientCredentials } from './read-client-credentials.ts'

/** Its use is noted once an hour at most: not a write for every request. */
const NOTE_USE_EVERY_MS = 60 * 60 * 1000

/**
 * The client that these credentials belong to.
 *
 * @param options.kinds the kinds that may do what is asked
 * @throws Problem 401 `invalid_client`, the same for an unknown client, a wrong or expired secret and
 *   a kind that may not
 */
export async function authenticateClient(
  clients: Clients,
  credentials: ClientCredentials | undefined,
  { kinds }: { kinds: readonly ClientKind[] },
): Promise<Client> {
  if (credentials === undefined) throw invalidClient()
  const client = await findClient(clients, credentials.id)
  const secret = findSecret(client?.secrets ?? [], credentials.secret)
  if (!client || !secret || !kinds.includes(client.kind)) throw invalidClient()
  const at = client.secrets.indexOf(secret)
  const now = new Date()
  if (now.getTime() - (secret.lastUsedAt?.getTime() ?? 0) > NOTE_USE_EVERY_MS)
    await clients.updateOne(
      { _id: client.id, [`secrets.${at}.id`]: secret.id },
      { $set: { [`secrets.${at}.lastUsedAt`]: now } },
    )
  return client
}

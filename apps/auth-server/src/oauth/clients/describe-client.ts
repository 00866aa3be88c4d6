import type { Client } from './client.model.ts'
import { currentKey } from './signing-keys.ts'

/** A client as operators see it: never a hash, never a key. */
export function describeClient(client: Client) {
  const { id, name, kind, redirectUris, scopes, createdAt, secrets, keys } = client
  const used = secrets.flatMap(({ lastUsedAt }) => (lastUsedAt ? [lastUsedAt.getTime()] : []))
  return {
    id,
    name,
    kind,
    redirectUris,
    audiences: kind === 'resource_server' ? [client.audience] : client.audiences,
    scopes,
    alg: currentKey(keys)?.alg ?? null,
    createdAt,
    lastUsedAt: used.length > 0 ? new Date(Math.max(...used)) : null,
    secrets: secrets.map(({ id, createdAt, lastUsedAt, expiresAt }) => ({
      id,
      createdAt,
      lastUsedAt,
      expiresAt,
    })),
    keys: keys.map(({ kid, alg, signsFrom }) => ({ kid, alg, signsFrom })),
  }
}

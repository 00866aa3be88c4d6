import type { Client } from './client.model.ts'
import { currentKey } from './signing-keys.ts'

/** A client as operators see it, without hashes and private keys. */
export function describeClient(client: Client) {
  const { id, name, kind, redirectUris, scopes, createdAt, secrets, keys } = client
  const { postLogoutRedirectUris, backchannelLogoutUri, pkce, idTokenAlg, jwks } = client
  const used = secrets.flatMap(({ lastUsedAt }) => (lastUsedAt ? [lastUsedAt.getTime()] : []))
  return {
    id,
    name,
    kind,
    redirectUris,
    postLogoutRedirectUris,
    backchannelLogoutUri,
    pkce,
    audiences: kind === 'resource_server' ? [client.audience] : client.audiences,
    scopes,
    alg: currentKey(keys)?.alg ?? null,
    idTokenAlg,
    jwks,
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

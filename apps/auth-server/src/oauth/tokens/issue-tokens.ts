import { randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import type { Client } from '../clients/client.model.ts'
import { currentKey } from '../clients/signing-keys.ts'
import type { Family } from '../families/family.model.ts'
import type { TokenDeps } from '../oauth-deps.ts'
import { mintRefreshToken } from './refresh-token.ts'
import type { TokenPair } from './token-answers.ts'

/**
 * An access token (JWT, RFC 9068), signed with the client's own key. It never outlives its sign-in.
 *
 * @param grant.scope a part of the family's scope, where less is asked for
 */
export async function issueAccessToken(
  { keyring, config }: Pick<TokenDeps, 'keyring' | 'config'>,
  { client, family, scope = family.scope }: { client: Client; family: Family; scope?: string },
): Promise<{ accessToken: string; expiresIn: number; scope: string }> {
  const key = currentKey(client.keys)
  if (!key) throw new Error(`client ${client.id} has no signing key`)
  const now = Math.floor(Date.now() / 1000)
  const end = Math.floor(family.expiresAt.getTime() / 1000)
  const expiresAt = Math.min(now + config.accessTokenSeconds, end)
  const claims = { client_id: client.id, scope, sid: family.id }
  const accessToken = await new SignJWT(claims)
    .setProtectedHeader({ alg: key.alg, typ: 'at+jwt', kid: key.kid })
    .setIssuer(config.issuer)
    .setSubject(family.userId)
    .setAudience(family.audience)
    .setIssuedAt(now)
    .setExpirationTime(expiresAt)
    .setJti(randomUUID())
    .sign(await keyring.unlock(key.privateKey, key.alg))
  return { accessToken, expiresIn: Math.max(0, expiresAt - now), scope }
}

/** A family's present refresh token, and a fresh access token. */
export async function tokenPair(
  deps: Pick<TokenDeps, 'keyring' | 'config'>,
  grant: { client: Client; family: Family; scope?: string },
): Promise<TokenPair> {
  const [{ accessToken, expiresIn, scope }, refreshToken] = await Promise.all([
    issueAccessToken(deps, grant),
    mintRefreshToken(deps, grant.family),
  ])
  return {
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: expiresIn,
    refresh_token: refreshToken,
    scope,
  }
}

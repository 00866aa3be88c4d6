import { randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import type { Client } from '../clients/client.model.ts'
import { currentKey } from '../clients/signing-keys.ts'
import type { ClaimedUser } from '../openid/user-claims.ts'
import type { Family } from '../families/family.model.ts'
import { issueIdToken } from '../openid/issue-id-token.ts'
import { givesRefreshToken, isOpenId } from '../openid/openid-scopes.ts'
import type { TokenDeps } from '../oauth-deps.ts'
import { mintRefreshToken } from './refresh-token.ts'
import type { TokenPair } from './token-answers.ts'

/**
 * Issues an access token (JWT, RFC 9068), signed with the client's own key. It never outlives its SSO
 * session.
 *
 * @param grant.scope a part of the family's scope, if the client requests less
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
  const { at, acr, amr } = family.authentication ?? {}
  const claims = {
    client_id: client.id,
    ...(scope !== '' && { scope }),
    sid: family.id,
    ...(at && { auth_time: Math.floor(at.getTime() / 1000), acr, amr }),
  }
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

/**
 * A family's current refresh token, a new access token and, with the scope `openid`, an id_token.
 *
 * @param grant.user the user of the id_token; required with the scope `openid`
 * @param grant.nonce from the authorization request; a refresh has none
 */
export async function tokenPair(
  deps: Pick<TokenDeps, 'keyring' | 'config' | 'clients'>,
  grant: {
    client: Client
    family: Family
    user?: ClaimedUser
    scope?: string
    nonce?: string | null
  },
): Promise<TokenPair> {
  const { client, family, user, nonce } = grant
  const [{ accessToken, expiresIn, scope }, refreshToken] = await Promise.all([
    issueAccessToken(deps, grant),
    givesRefreshToken(family.scope) ? mintRefreshToken(deps, family) : undefined,
  ])
  if (isOpenId(scope) && !user) throw new TypeError('an id_token needs its user')
  const idToken =
    user && isOpenId(scope)
      ? await issueIdToken(deps, { client, family, user, accessToken, scope, nonce })
      : undefined
  return {
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: expiresIn,
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
    ...(scope !== '' && { scope }),
    ...(idToken !== undefined && { id_token: idToken }),
  }
}

/** Issues an access token for a machine. It has no user and no family (RFC 6749 §4.4). */
export async function issueMachineToken(
  { keyring, config }: Pick<TokenDeps, 'keyring' | 'config'>,
  { client, audience, scope }: { client: Client; audience: string; scope: string },
): Promise<TokenPair> {
  const key = currentKey(client.keys)
  if (!key) throw new Error(`client ${client.id} has no signing key`)
  const now = Math.floor(Date.now() / 1000)
  const accessToken = await new SignJWT({ client_id: client.id, ...(scope !== '' && { scope }) })
    .setProtectedHeader({ alg: key.alg, typ: 'at+jwt', kid: key.kid })
    .setIssuer(config.issuer)
    .setSubject(client.id)
    .setAudience(audience)
    .setIssuedAt(now)
    .setExpirationTime(now + config.accessTokenSeconds)
    .setJti(randomUUID())
    .sign(await keyring.unlock(key.privateKey, key.alg))
  return {
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: config.accessTokenSeconds,
    ...(scope !== '' && { scope }),
  }
}

import { createHash } from 'node:crypto'
import { SignJWT } from 'jose'
import type { Client } from '../clients/client.model.ts'
import { idTokenKey } from '../clients/id-token-key.ts'
import type { Family } from '../families/family.model.ts'
import type { TokenDeps } from '../oauth-deps.ts'
import { type ClaimedUser, userClaims } from './user-claims.ts'

type Grant = {
  client: Client
  family: Family
  user: ClaimedUser
  accessToken: string
  /** The scope granted now: a refresh may request less. */
  scope: string
  /** From the authorization request; a refresh has none (Core §12.2). */
  nonce?: string | null | undefined
}

/**
 * Issues an id_token: who signed in, when and how, for the client alone (OpenID Connect Core §2). `sid`
 * is the family, as in the access token and the logout token.
 */
export async function issueIdToken(
  deps: Pick<TokenDeps, 'clients' | 'keyring' | 'config'>,
  grant: Grant,
): Promise<string> {
  const { client, family, user, scope, nonce } = grant
  const key = await idTokenKey(deps, client)
  const now = Math.floor(Date.now() / 1000)
  const { at, acr, amr } = family.authentication ?? {}
  const claims = {
    ...userClaims(user, scope),
    ...(nonce !== null && nonce !== undefined && { nonce }),
    ...(at && { auth_time: Math.floor(at.getTime() / 1000), acr, amr }),
    sid: family.id,
    at_hash: halfHash(grant.accessToken, key.alg),
  }
  return await new SignJWT(claims)
    .setProtectedHeader({ alg: key.alg, typ: 'JWT', kid: key.kid })
    .setIssuer(deps.config.issuer)
    .setAudience(client.id)
    .setIssuedAt(now)
    .setExpirationTime(now + deps.config.accessTokenSeconds)
    .sign(await deps.keyring.unlock(key.privateKey, key.alg))
}

/** The left half of a hash of the algorithm's size: SHA-512 for Ed25519 (Core §3.1.3.6). */
function halfHash(token: string, alg: string): string {
  const hash = createHash(alg === 'EdDSA' ? 'sha512' : 'sha256')
    .update(token)
    .digest()
  return hash.subarray(0, hash.length / 2).toString('base64url')
}

import type { CryptoKey } from 'jose'
import type { AccessToken } from './access-token.ts'
import { checkClaims } from './check-claims.ts'
import { checkHeader } from './check-header.ts'
import type { KeySet } from './key-finder.ts'
import { splitScopes } from './scopes.ts'
import { isSignedBy, parsePart, splitToken } from './signed-token.ts'
import { invalidToken } from './token-errors.ts'

export type VerifyOptions = {
  /** The auth server's URL, exactly as in its tokens' `iss`: without a trailing slash. */
  issuer: string
  /** What the tokens are for: this service's name at the auth server. */
  audience: string
  /** The key set from `createKeySet`. */
  keys: KeySet
  /** The current time. Defaults to the system clock. */
  now?: Date | undefined
}

/**
 * Verifies an access token (RFC 9068) and returns its content: the signature with the key named by
 * `kid` and that key's own algorithm, the type, issuer, audience, and the times with a tolerance of
 * 5 s. Does not check scopes; the caller does.
 *
 * @example
 * const keys = createKeySet('https://login.example.com/.well-known/jwks.json')
 * const { sub, scope } = await verifyAccessToken(token, { issuer, audience, keys })
 *
 * @throws AuthError `invalid_token` (401), or `tokens_unavailable` (503) if the keys cannot be fetched
 */
export async function verifyAccessToken(
  token: string,
  options: VerifyOptions,
): Promise<AccessToken> {
  return (await verifyWithKey(token, options)).accessToken
}

/** `verifyAccessToken`, plus the key that verified the signature. */
export async function verifyWithKey(
  token: string,
  { issuer, audience, keys, now = new Date() }: VerifyOptions,
): Promise<{ accessToken: AccessToken; kid: string; key: CryptoKey }> {
  const signed = splitToken(token)
  const { alg, kid } = checkHeader(signed.header)
  const found = await keys.find(kid)
  if (found?.alg !== alg || !isSignedBy(found, signed)) throw invalidToken()
  const claims = parsePart(signed.payload)
  checkClaims(claims, { issuer, audience, now })
  return { accessToken: readClaims(claims), kid, key: found.key }
}

function readClaims(claims: Record<string, unknown>): AccessToken {
  const { sub, jti, client_id: clientId, scope = '', exp } = claims
  if (!isText(sub) || !isText(jti) || !isText(clientId)) throw invalidToken()
  if (typeof scope !== 'string') throw invalidToken()
  const expiresAt = new Date(Number(exp) * 1000)
  return { sub, clientId, scope: splitScopes(scope), jti, expiresAt, claims }
}

function isText(claim: unknown): claim is string {
  return typeof claim === 'string' && claim !== ''
}

import {
  errors,
  jwtVerify,
  type CompactJWSHeaderParameters,
  type CryptoKey,
  type JWTPayload,
} from 'jose'
import type { AccessToken } from './access-token.ts'
import { ALGORITHMS } from './algorithms.ts'
import { checkHeader } from './check-header.ts'
import { CLOCK_TOLERANCE_SECONDS } from './clock-tolerance.ts'
import type { KeySet } from './key-finder.ts'
import { splitScopes } from './scopes.ts'
import { expiredToken, invalidToken } from './token-errors.ts'

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
): Promise<{ accessToken: AccessToken; kid: string; key: CryptoKey | undefined }> {
  const used: { kid: string; key: CryptoKey | undefined } = { kid: '', key: undefined }
  const findAndKeep = async (header: CompactJWSHeaderParameters) =>
    Object.assign(used, await findKey(header, keys)).key
  const { payload } = await jwtVerify(token, findAndKeep, {
    algorithms: [...ALGORITHMS],
    typ: 'at+jwt',
    issuer,
    audience,
    currentDate: now,
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    requiredClaims: ['iss', 'aud', 'exp', 'iat', 'sub', 'client_id', 'jti'],
  }).catch((error: unknown) => {
    throw toAuthError(error)
  })
  return { accessToken: readClaims(payload, now), ...used }
}

async function findKey(
  header: CompactJWSHeaderParameters,
  keys: KeySet,
): Promise<{ kid: string; key: CryptoKey }> {
  const { alg, kid } = checkHeader(header)
  const found = await keys.find(kid)
  if (found?.alg !== alg) throw invalidToken()
  return { kid, key: found.key }
}

function toAuthError(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return expiredToken(error)
  return error instanceof errors.JOSEError ? invalidToken(error) : error
}

function readClaims(payload: JWTPayload, now: Date): AccessToken {
  const { sub, jti, client_id: clientId, scope = '', iat = 0, exp = 0 } = payload
  if (!isText(sub) || !isText(jti) || !isText(clientId)) throw invalidToken()
  if (typeof scope !== 'string') throw invalidToken()
  const inFuture = iat > now.getTime() / 1000 + CLOCK_TOLERANCE_SECONDS
  if (inFuture) throw invalidToken(new Error('issued in the future: is a clock wrong?'))
  const expiresAt = new Date(exp * 1000)
  return { sub, clientId, scope: splitScopes(scope), jti, expiresAt, claims: payload }
}

function isText(claim: unknown): claim is string {
  return typeof claim === 'string' && claim !== ''
}

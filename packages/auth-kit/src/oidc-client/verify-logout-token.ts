import { errors, jwtVerify, type CompactJWSHeaderParameters, type JWTPayload } from 'jose'
import { ALGORITHMS } from '../access-token/algorithms.ts'
import { CLOCK_TOLERANCE_SECONDS } from '../access-token/clock-tolerance.ts'
import type { KeySet } from '../access-token/key-finder.ts'
import { AuthError } from '../errors.ts'

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'

export type VerifyLogoutOptions = {
  /** The auth server's URL, exactly as in its tokens' `iss`: without a trailing slash. */
  issuer: string
  /** This site's id at the auth server. */
  clientId: string
  /** The key set from `createKeySet`. */
  keys: KeySet
  /** The current time. Defaults to the system clock. */
  now?: Date | undefined
}

/** Whose sessions have ended. At least one of `sid` and `sub` is set; the auth server sends both. */
export type LogoutNotice = {
  /** The sign-in that has ended: the `sid` of the id_token. Without it, all of the user's have. */
  sid: string | undefined
  /** The user: the `sub` of the id_token. */
  sub: string | undefined
  /** The notice itself. It is the same each time the auth server repeats the notice. */
  jti: string
}

/**
 * Verifies a logout token (OpenID Connect Back-Channel Logout 1.0, section 2.6) and returns what it
 * says: its signature with the key named by `kid`, its type `logout+jwt`, issuer, audience, event, and
 * the times with a tolerance of 5 s. An id_token or an access token never passes.
 *
 * @example
 * const keys = createKeySet('https://login.example.com/.well-known/jwks.json')
 * const { sid } = await verifyLogoutToken(token, { issuer, clientId, keys })
 *
 * @throws AuthError `invalid_logout_token` (400), or `tokens_unavailable` (503) if the keys cannot be
 *   fetched
 */
export async function verifyLogoutToken(
  token: string,
  { issuer, clientId, keys, now = new Date() }: VerifyLogoutOptions,
): Promise<LogoutNotice> {
  const findKey = async ({ alg, kid }: CompactJWSHeaderParameters) => {
    const found = typeof kid === 'string' ? await keys.find(kid) : undefined
    if (found?.alg !== alg) throw invalidLogoutToken()
    return found.key
  }
  const { payload } = await jwtVerify(token, findKey, {
    algorithms: [...ALGORITHMS],
    typ: 'logout+jwt',
    issuer,
    audience: clientId,
    currentDate: now,
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    requiredClaims: ['iss', 'aud', 'iat', 'exp', 'jti', 'events'],
  }).catch((error: unknown) => {
    throw error instanceof errors.JOSEError ? invalidLogoutToken(error) : error
  })
  return readNotice(payload)
}

function readNotice({ sid, sub, jti, events, nonce }: JWTPayload): LogoutNotice {
  if (!isObject(events) || !isObject(events[EVENT])) throw invalidLogoutToken()
  // An id_token has a nonce; a logout token must not, so that neither passes for the other.
  if (nonce !== undefined) throw invalidLogoutToken()
  if (!isTextOrMissing(sid) || !isTextOrMissing(sub) || typeof jti !== 'string')
    throw invalidLogoutToken()
  if (sid === undefined && sub === undefined) throw invalidLogoutToken()
  return { sid, sub, jti }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isTextOrMissing(claim: unknown): claim is string | undefined {
  return claim === undefined || (typeof claim === 'string' && claim !== '')
}

/** 400, in OAuth's form (section 2.8). `cause` is for the log only. */
export function invalidLogoutToken(cause?: unknown): AuthError {
  return new AuthError(
    {
      code: 'invalid_logout_token',
      status: 400,
      message: 'The logout token is not valid here.',
      extra: { error: 'invalid_request' },
    },
    cause,
  )
}

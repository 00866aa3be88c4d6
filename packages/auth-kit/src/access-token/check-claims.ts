import { CLOCK_TOLERANCE_SECONDS } from './clock-tolerance.ts'
import { expiredToken, invalidToken } from './token-errors.ts'

type Claims = Readonly<Record<string, unknown>>

/**
 * Checks whom a token is from and for, and when it is valid (RFC 9068, section 4), with a tolerance for
 * clocks that differ.
 *
 * @throws AuthError `invalid_token` (401), with the reason as its `cause`
 */
export function checkClaims(
  claims: Claims,
  { issuer, audience, now }: { issuer: string; audience: string; now: Date },
): void {
  if (claims.iss !== issuer) throw refused('another issuer')
  if (!audiencesOf(claims).includes(audience)) throw refused('another audience')
  const [iat, nbf = iat, exp] = [claims.iat, claims.nbf, claims.exp]
  if (!isTime(iat) || !isTime(nbf) || !isTime(exp)) throw refused('a time is missing or no number')
  const seconds = Math.floor(now.getTime() / 1000)
  const latest = seconds + CLOCK_TOLERANCE_SECONDS
  if (iat > latest || nbf > latest) throw refused('issued in the future: is a clock wrong?')
  if (exp <= seconds - CLOCK_TOLERANCE_SECONDS) throw expiredToken(new Error('expired'))
}

function audiencesOf({ aud }: Claims): unknown[] {
  return Array.isArray(aud) ? aud : [aud]
}

function isTime(value: unknown): value is number {
  return typeof value === 'number'
}

function refused(reason: string) {
  return invalidToken(new Error(reason))
}

import { invalidToken, severalTokens } from './token-errors.ts'

/** Far longer than any real token. Anything longer is refused unread. */
const LONGEST = 8192

/**
 * The token in an `Authorization` header (RFC 6750, section 2.1), or undefined if there is no token
 * or the scheme is not `Bearer`. The case of the scheme does not matter.
 *
 * @example
 * const token = readBearerToken(request.headersDistinct.authorization)
 *
 * @param authorization the header's value, or the values of all `Authorization` headers
 * @throws AuthError `invalid_request` (400) if there is more than one header, `invalid_token` (401)
 *   if the token is malformed or the header is longer than 8 KB
 */
export function readBearerToken(
  authorization: string | readonly string[] | undefined,
): string | undefined {
  const [header = '', ...others] = [authorization ?? []].flat()
  if (others.length > 0) throw severalTokens()
  const [scheme = ''] = header.slice(0, 7).split(' ')
  if (scheme.toLowerCase() !== 'bearer') return undefined
  if (header.length > LONGEST) throw invalidToken()
  const rest = header.slice(scheme.length).trim()
  if (rest === '') return undefined
  if (!/^[\w.~+/-]+=*$/.test(rest)) throw invalidToken()
  return rest
}

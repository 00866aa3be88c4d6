import { invalidToken, severalTokens } from './token-errors.ts'

/** Longer than any token of ours by far; what is longer is not looked at. */
const LONGEST = 8192

/**
 * The token in an `Authorization` header (RFC 6750, section 2.1), undefined if there is none.
 * The scheme's name may be in any case; another scheme counts as none.
 *
 * @example
 * const token = readBearerToken(request.headersDistinct.authorization)
 *
 * @param authorization the header's value, or the values of each such header
 * @throws AuthError `invalid_request` (400) when there is more than one such header,
 *   `invalid_token` (401) when what follows is no token or longer than 8 KB
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

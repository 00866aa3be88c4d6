import { algorithmNamed, type Algorithm } from './algorithms.ts'
import { invalidToken } from './token-errors.ts'

type Header = { typ?: unknown; alg?: unknown; kid?: unknown; crit?: unknown }

/**
 * Checks a token's header before anything else. Ignores keys that the header carries or links to:
 * `jku`, `x5u`, `jwk`, `x5c` (RFC 8725, section 3.10).
 *
 * @throws AuthError `invalid_token` (401)
 */
export function checkHeader(header: Header): { alg: Algorithm; kid: string } {
  const { typ, kid, crit } = header
  const alg = algorithmNamed(header.alg)
  // RFC 9068: case does not matter, and the "application/" prefix is optional.
  const isAccessToken = typeof typ === 'string' && /^(application\/)?at\+jwt$/i.test(typ)
  // RFC 7515, section 4.1.11: we know no extension, so none may be critical.
  if (crit !== undefined) throw invalidToken()
  if (!isAccessToken || alg === undefined || typeof kid !== 'string') throw invalidToken()
  return { alg, kid }
}

import { isKeySet, readKeys, usableKeys, type JsonWebKeySet } from './read-keys.ts'
import type { KeySet, KeySetOptions } from './key-finder.ts'
import { remoteKeySet } from './remote-key-set.ts'

/** Where keys come from: the address of a JWKS, the JWKS itself, or a key set made before. */
export type Jwks = string | URL | JsonWebKeySet | KeySet

/**
 * The auth server's keys, which several guards may share: by the address of its JWKS, fetched when
 * it is needed and kept, or from a JWKS given as an object.
 *
 * A fetched set is asked for again after 5 minutes, and at once when a token names a key that is not
 * in it; where that was in vain, not for 10 seconds, however many tokens do. While the auth server is
 * away the keys that are known stay good.
 *
 * A key of the set (RFC 7517) counts when it has a `kid` and an `alg` of ours, EdDSA, ES256 or RS256,
 * and is not for something else by its `use` or `key_ops`.
 *
 * @example
 * const keys = createKeySet('https://login.example.com/.well-known/jwks.json')
 *
 * @throws TypeError when `jwks` is no address of a web server, or a set without a key for tokens
 */
export function createKeySet(jwks: Jwks, options: KeySetOptions = {}): KeySet {
  if (isMade(jwks)) return jwks
  if (typeof jwks === 'string' || jwks instanceof URL) {
    return remoteKeySet(webAddress(jwks), options)
  }
  checkStaticSet(jwks)
  const keys = readKeys(jwks)
  return { find: async (kid) => (await keys).get(kid) }
}

/** Whether it is a key set already; an array of keys has a `find`, too, and is none. */
function isMade(jwks: Jwks): jwks is KeySet {
  return typeof jwks === 'object' && 'find' in jwks && !Array.isArray(jwks)
}

function webAddress(address: string | URL): URL {
  const url = URL.canParse(String(address)) ? new URL(address) : undefined
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url
  throw new TypeError('jwks: not the address of a JWKS, such as https://login.example.com/jwks')
}

function checkStaticSet(jwks: unknown): void {
  if (!isKeySet(jwks) || usableKeys(jwks).length === 0) {
    throw new TypeError(
      'jwks: no key in it has kid and alg (EdDSA, ES256 or RS256) and is for signatures',
    )
  }
  if (jwks.keys.some((key) => 'd' in key || 'k' in key)) {
    throw new TypeError('jwks: a secret key is in it; publish the public ones alone')
  }
}

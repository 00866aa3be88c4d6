import { isKeySet, readKeys, usableKeys, type JsonWebKeySet } from './read-keys.ts'
import type { KeySet, KeySetOptions } from './key-finder.ts'
import { remoteKeySet } from './remote-key-set.ts'

/** Where keys come from: the URL of a JWKS, the JWKS itself, or an existing key set. */
export type Jwks = string | URL | JsonWebKeySet | KeySet

/**
 * The auth server's keys, from the URL of its JWKS or from a JWKS object. Several guards can share
 * one key set.
 *
 * A JWKS at a URL is fetched on first use and cached. It is fetched again after 5 minutes, and at
 * once if a token names an unknown key. If that key is still unknown, the next fetch for an unknown
 * key waits 10 seconds. Known keys stay valid while the auth server is down.
 *
 * A key (RFC 7517) counts if it has a `kid` and an `alg` of EdDSA, ES256 or RS256, and its `use` and
 * `key_ops` allow verifying signatures.
 *
 * @example
 * const keys = createKeySet('https://login.example.com/.well-known/jwks.json')
 *
 * @throws TypeError if `jwks` is not an HTTP(S) URL, or is a set without a usable key or with a
 *   secret one
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

/** Where the auth server publishes its keys. The issuer may have a path. */
export function addressOfKeys(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/jwks.json`
}

/** Whether it is an existing key set. An array has a `find` too, but is not one. */
function isMade(jwks: Jwks): jwks is KeySet {
  return typeof jwks === 'object' && 'find' in jwks && !Array.isArray(jwks)
}

function webAddress(address: string | URL): URL {
  const url = URL.canParse(String(address)) ? new URL(address) : undefined
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url
  throw new TypeError('jwks: not the URL of a JWKS, such as https://login.example.com/jwks')
}

function checkStaticSet(jwks: unknown): void {
  if (!isKeySet(jwks) || usableKeys(jwks).length === 0) {
    throw new TypeError(
      'jwks: needs at least one signature key with kid and alg (EdDSA, ES256 or RS256)',
    )
  }
  if (jwks.keys.some((key) => 'd' in key || 'k' in key)) {
    throw new TypeError('jwks: contains a secret key; publish only public keys')
  }
}

import { KeyObject } from 'node:crypto'
import { importJWK, type CryptoKey } from 'jose'
import { algorithmNamed, type Algorithm } from './algorithms.ts'

/** A key, and the only algorithm it may verify with. */
export type VerificationKey = {
  alg: Algorithm
  key: CryptoKey
  /** The same key, as `node:crypto` takes it. */
  publicKey: KeyObject
}

/** RFC 7518, section 3.3. */
const SHORTEST_RSA_BITS = 2048

/** A JSON Web Key Set (RFC 7517). */
export type JsonWebKeySet = { keys: readonly object[] }

type UsableKey = { kid: string; alg: Algorithm; jwk: Record<string, unknown> }

/** The public members of a key for each algorithm. No other member is ever read. */
const PUBLIC = {
  EdDSA: { kty: 'OKP', members: ['crv', 'x'] },
  ES256: { kty: 'EC', members: ['crv', 'x', 'y'] },
  RS256: { kty: 'RSA', members: ['n', 'e'] },
} as const

export function isKeySet(value: unknown): value is JsonWebKeySet {
  const { keys }: { keys?: unknown } = Object(value)
  return Array.isArray(keys) && keys.every((key) => typeof key === 'object' && key)
}

/**
 * The keys of a set that can verify access tokens; skips all others. Skips keys without `alg` too,
 * although it is optional: a key may be used with one algorithm only (RFC 8725, section 3.1), and
 * only its issuer knows which.
 */
export function usableKeys({ keys }: JsonWebKeySet): UsableKey[] {
  return keys.flatMap((key) => {
    const jwk: Record<string, unknown> = { ...key }
    const alg = algorithmNamed(jwk.alg)
    if (typeof jwk.kid !== 'string' || alg === undefined || !isToVerifyWith(jwk)) return []
    return jwk.kty === PUBLIC[alg].kty ? [{ kid: jwk.kid, alg, jwk }] : []
  })
}

/** Both members are optional (RFC 7517, sections 4.2 and 4.3): a key without them may verify. */
function isToVerifyWith({
  use = 'sig',
  key_ops: operations = ['verify'],
}: Record<string, unknown>) {
  return use === 'sig' && Array.isArray(operations) && operations.includes('verify')
}

/** Imports the usable keys of a set, keyed by `kid`. */
export async function readKeys(set: JsonWebKeySet): Promise<Map<string, VerificationKey>> {
  const keys = await Promise.all(
    usableKeys(set).map(async ({ kid, alg, jwk }) => {
      const key = await importPublicKey(alg, jwk)
      if (!key) return []
      const publicKey = KeyObject.from(key)
      const { modulusLength = SHORTEST_RSA_BITS } = publicKey.asymmetricKeyDetails ?? {}
      return modulusLength < SHORTEST_RSA_BITS ? [] : [[kid, { alg, key, publicKey }] as const]
    }),
  )
  return new Map(keys.flat())
}

/** Undefined for a broken key, so that one does not make the others unusable. */
async function importPublicKey(alg: Algorithm, jwk: Record<string, unknown>) {
  const { kty, members } = PUBLIC[alg]
  const publicMembers = Object.fromEntries(members.map((name) => [name, String(jwk[name])]))
  const key = await importJWK({ kty, ...publicMembers }, alg).catch(() => undefined)
  return key === undefined || key instanceof Uint8Array ? undefined : key
}

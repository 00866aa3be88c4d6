import type { JWK } from 'jose'
import type { SigningAlgorithm, SigningKey } from './client.model.ts'

/** A new key is published this long before it signs: resource servers have that long to fetch it. */
export const PUBLISH_AHEAD_MS = 15 * 60 * 1000

// For a token signed at the last moment and checked by a slow clock.
const TOLERANCE_MS = 60_000

/** The key that signs access tokens now: the newest one whose `signsFrom` has passed. */
export function currentKey(keys: readonly SigningKey[], now = new Date()): SigningKey | undefined {
  return keys.findLast((key) => useOf(key) === 'access' && key.signsFrom <= now)
}

/** The key that signs id_tokens with this algorithm now, if there is one yet. */
export function currentIdTokenKey(
  keys: readonly SigningKey[],
  alg: SigningAlgorithm,
): SigningKey | undefined {
  const own = keys.findLast((key) => useOf(key) === 'id_token' && key.alg === alg)
  const shared = currentKey(keys)
  return shared?.alg === alg ? shared : own
}

function useOf({ use = 'access' }: SigningKey): 'access' | 'id_token' {
  return use
}

/** The published keys: future ones, the current one, and those whose tokens are not all expired. */
export function publishedKeys(
  keys: readonly SigningKey[],
  { accessTokenSeconds, now = new Date() }: { accessTokenSeconds: number; now?: Date },
): SigningKey[] {
  return notOlderThan(keys, accessTokenSeconds * 1000 + TOLERANCE_MS, now)
}

/** The keys that refresh tokens still need: those issued together with a token of the key. */
export function keysToKeep(keys: readonly SigningKey[], refreshDays: number): SigningKey[] {
  return notOlderThan(keys, refreshDays * 24 * 60 * 60 * 1000 + TOLERANCE_MS, new Date())
}

/** Drops keys whose successor took over longer ago than `ms`. */
function notOlderThan(keys: readonly SigningKey[], ms: number, now: Date): SigningKey[] {
  return keys.filter((key, at) => {
    const successor = keys.slice(at + 1).find((later) => useOf(later) === useOf(key))
    return successor === undefined || successor.signsFrom.getTime() + ms > now.getTime()
  })
}

/** A key as it is published (RFC 7517): public members only, and its use (R51). */
export function publicJwk({ kid, alg, publicJwk }: SigningKey): JWK {
  const { kty, crv, x, y, n, e } = publicJwk
  const members = { kty, crv, x, y, n, e, kid, alg, use: 'sig' }
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}

import type { JWK } from 'jose'
import type { SigningAlgorithm, SigningKey } from './client.model.ts'

/**
 * How long whoever checks tokens may take to fetch a new key: it is published that long before it
 * signs.
 */
export const PUBLISH_AHEAD_MS = 15 * 60 * 1000

// A token that was signed at the very last moment, checked by a clock that is late.
const TOLERANCE_MS = 60_000

/** The key that signs access tokens now: the newest one whose time has come. */
export function currentKey(keys: readonly SigningKey[], now = new Date()): SigningKey | undefined {
  return keys.findLast((key) => useOf(key) === 'access' && key.signsFrom <= now)
}

/** The key that signs id_tokens by that algorithm now, if there is one yet. */
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

/** The keys that are published: those to come, the one that signs, and those whose tokens still run. */
export function publishedKeys(
  keys: readonly SigningKey[],
  { accessTokenSeconds, now = new Date() }: { accessTokenSeconds: number; now?: Date },
): SigningKey[] {
  return notOlderThan(keys, accessTokenSeconds * 1000 + TOLERANCE_MS, now)
}

/** The keys that something given together with one of their tokens still needs. */
export function keysToKeep(keys: readonly SigningKey[], refreshDays: number): SigningKey[] {
  return notOlderThan(keys, refreshDays * 24 * 60 * 60 * 1000 + TOLERANCE_MS, new Date())
}

/** Without those whose successor took over longer ago than that. */
function notOlderThan(keys: readonly SigningKey[], ms: number, now: Date): SigningKey[] {
  return keys.filter((key, at) => {
    const successor = keys.slice(at + 1).find((later) => useOf(later) === useOf(key))
    return successor === undefined || successor.signsFrom.getTime() + ms > now.getTime()
  })
}

/** A key as the world may see it (RFC 7517): public members only, and what it is for (R51). */
export function publicJwk({ kid, alg, publicJwk }: SigningKey): JWK {
  const { kty, crv, x, y, n, e } = publicJwk
  const members = { kty, crv, x, y, n, e, kid, alg, use: 'sig' }
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}

import { type SigningKey, signingAlgorithms } from './client.model.ts'
import { currentIdTokenKey, currentKey, publishedKeys } from './signing-keys.ts'

/**
 * The state of a key. `waits`: published, but does not sign yet. `signs`: the current key. `published`:
 * still verifies tokens that it signed. `kept`: no longer published, only for `/refresh` requests that
 * show a token it signed.
 */
export type KeyState = 'waits' | 'signs' | 'published' | 'kept'

/** A client's keys as operators see them, newest first, without key material. */
export function describeKeys(
  keys: readonly SigningKey[],
  { accessTokenSeconds }: { accessTokenSeconds: number },
) {
  const now = new Date()
  const current = [
    currentKey(keys, now),
    ...signingAlgorithms.map((alg) => currentIdTokenKey(keys, alg)),
  ]
  const published = publishedKeys(keys, { accessTokenSeconds, now })
  const stateOf = (key: SigningKey): KeyState => {
    if (current.includes(key)) return 'signs'
    if (key.signsFrom > now) return 'waits'
    return published.includes(key) ? 'published' : 'kept'
  }
  return keys
    .map((key) => ({
      kid: key.kid,
      alg: key.alg,
      signsFrom: key.signsFrom,
      state: stateOf(key),
    }))
    .toReversed()
}

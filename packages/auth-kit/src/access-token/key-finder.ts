import type { VerificationKey } from './read-keys.ts'

/** Finds a key by its exact `kid`. */
export type KeySet = {
  /** @throws AuthError `tokens_unavailable` (503) if the key is unknown and the keys cannot be fetched */
  find(kid: string): Promise<VerificationKey | undefined>
}

export type KeySetOptions = {
  /** Called when the auth server's clock and ours differ by more than 5 s; `seconds` is its lead. */
  onClockSkew?: ((seconds: number) => void) | undefined
}

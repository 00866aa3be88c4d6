import type { VerificationKey } from './read-keys.ts'

/** Finds a key by its exact `kid`. */
export type KeySet = {
  /** @throws AuthError `tokens_unavailable` (503) when nobody can tell just now */
  find(kid: string): Promise<VerificationKey | undefined>
}

export type KeySetOptions = {
  /** Told when the auth server's clock and ours are more than 5 s apart: how far it is ahead, s. */
  onClockSkew?: ((seconds: number) => void) | undefined
}

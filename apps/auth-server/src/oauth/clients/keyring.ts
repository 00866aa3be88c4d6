import { exportJWK, importJWK, type CryptoKey, type JWK } from 'jose'
import { createTextCipher, deriveKeys } from '../../storage/encrypt-text.ts'

/** The keys derived from KEY_ENCRYPTION_KEY. They encrypt private keys at rest and sign refresh tokens. */
export type Keyring = {
  /** Encrypts a private key for storage (JWE, `dir` with A256GCM, RFC 7516). */
  lock(privateKey: CryptoKey): Promise<string>
  /** Decrypts a key that `lock` encrypted. @throws Error if no secret decrypts it */
  unlock(locked: string, alg: string): Promise<CryptoKey>
  /** Keys for refresh tokens: the first signs, all verify. */
  refreshKeys(): Uint8Array[]
}

/**
 * @param secrets KEY_ENCRYPTION_KEY: the first encrypts and signs, all decrypt and verify; each
 *   purpose has a key of its own (HKDF-SHA-256, RFC 5869)
 */
export function createKeyring(secrets: readonly string[]): Keyring {
  const cipher = createTextCipher(secrets, 'signing key A256GCM')
  // Decrypting and importing a key takes longer than signing with it.
  const unlocked = new Map<string, CryptoKey>()
  return {
    refreshKeys: deriveKeys(secrets, 'refresh token HS256'),

    async lock(privateKey) {
      return await cipher.encrypt(JSON.stringify(await exportJWK(privateKey)))
    },

    async unlock(locked, alg) {
      const known = unlocked.get(locked)
      if (known) return known
      const key = await importPrivate(JSON.parse(await cipher.decrypt(locked)), alg)
      unlocked.set(locked, key)
      return key
    },
  }
}

async function importPrivate(jwk: JWK, alg: string): Promise<CryptoKey> {
  const key = await importJWK(jwk, alg)
  if (key instanceof Uint8Array) throw new TypeError('a signing key is never symmetric')
  return key
}

import { exportJWK, importJWK, type CryptoKey, type JWK } from 'jose'
import { createTextCipher, deriveKey } from '../../storage/encrypt-text.ts'

/** What KEY_ENCRYPTION_KEY is for: it keeps private keys unreadable at rest. */
export type Keyring = {
  /** A private key as it is stored (JWE, `dir` with A256GCM, RFC 7516). */
  lock(privateKey: CryptoKey): Promise<string>
  /** The key that `lock` made unreadable. @throws Error when none of the secrets fits */
  unlock(locked: string, alg: string): Promise<CryptoKey>
  /** Keys for refresh tokens: the first signs, all verify. */
  refreshKeys: Uint8Array[]
}

/**
 * @param secrets KEY_ENCRYPTION_KEY: the first encrypts and signs, all decrypt and verify; each
 *   purpose has a key of its own (HKDF-SHA-256, RFC 5869)
 */
export function createKeyring(secrets: readonly string[]): Keyring {
  const cipher = createTextCipher(secrets, 'signing key A256GCM')
  // Unlocking and importing takes longer than signing.
  const unlocked = new Map<string, CryptoKey>()
  return {
    refreshKeys: secrets.map((secret) => deriveKey(secret, 'refresh token HS256')),

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

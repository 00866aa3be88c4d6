import { hkdfSync } from 'node:crypto'
import {
  compactDecrypt,
  CompactEncrypt,
  exportJWK,
  importJWK,
  type CryptoKey,
  type JWK,
} from 'jose'

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
  const lockKeys = secrets.map((secret) => derive(secret, 'signing key A256GCM'))
  // Unlocking and importing takes longer than signing.
  const unlocked = new Map<string, CryptoKey>()
  return {
    refreshKeys: secrets.map((secret) => derive(secret, 'refresh token HS256')),

    async lock(privateKey) {
      const [key] = lockKeys
      if (key === undefined) throw new TypeError('a keyring needs at least one secret')
      const content = new TextEncoder().encode(JSON.stringify(await exportJWK(privateKey)))
      return await new CompactEncrypt(content)
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .encrypt(key)
    },

    async unlock(locked, alg) {
      const known = unlocked.get(locked)
      if (known) return known
      const key = await importPrivate(await decryptWithAny(locked, lockKeys), alg)
      unlocked.set(locked, key)
      return key
    },
  }
}

function derive(secret: string, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', purpose, 32))
}

async function decryptWithAny(locked: string, keys: Uint8Array[]): Promise<JWK> {
  const attempts = keys.map((key) =>
    compactDecrypt(locked, key, {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    }),
  )
  const { plaintext } = await Promise.any(attempts).catch((cause: unknown) => {
    throw new Error('A signing key cannot be decrypted: KEY_ENCRYPTION_KEY has changed.', { cause })
  })
  return JSON.parse(new TextDecoder().decode(plaintext))
}

async function importPrivate(jwk: JWK, alg: string): Promise<CryptoKey> {
  const key = await importJWK(jwk, alg)
  if (key instanceof Uint8Array) throw new TypeError('a signing key is never symmetric')
  return key
}

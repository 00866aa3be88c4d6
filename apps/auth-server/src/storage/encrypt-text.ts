import { hkdfSync } from 'node:crypto'
import { compactDecrypt, CompactEncrypt } from 'jose'

/** Keeps texts unreadable at rest (JWE, `dir` with A256GCM, RFC 7516). */
export type TextCipher = {
  encrypt(text: string): Promise<string>
  /** @throws Error if no secret fits: KEY_ENCRYPTION_KEY has changed */
  decrypt(encrypted: string): Promise<string>
}

/** A key of 32 bytes for one purpose alone (HKDF-SHA-256, RFC 5869). */
export function deriveKey(secret: string, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', purpose, 32))
}

/**
 * @param secrets KEY_ENCRYPTION_KEY: the first encrypts, all decrypt
 * @param purpose separates the keys: what is encrypted for one purpose opens for no other
 */
export function createTextCipher(secrets: readonly string[], purpose: string): TextCipher {
  const keys = secrets.map((secret) => deriveKey(secret, purpose))
  return {
    async encrypt(text) {
      const [key] = keys
      if (key === undefined) throw new TypeError('a cipher needs at least one secret')
      return await new CompactEncrypt(new TextEncoder().encode(text))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .encrypt(key)
    },

    async decrypt(encrypted) {
      const attempts = keys.map((key) =>
        compactDecrypt(encrypted, key, {
          keyManagementAlgorithms: ['dir'],
          contentEncryptionAlgorithms: ['A256GCM'],
        }),
      )
      const { plaintext } = await Promise.any(attempts).catch((cause: unknown) => {
        throw new Error(`The ${purpose} cannot be decrypted: KEY_ENCRYPTION_KEY has changed.`, {
          cause,
        })
      })
      return new TextDecoder().decode(plaintext)
    },
  }
}

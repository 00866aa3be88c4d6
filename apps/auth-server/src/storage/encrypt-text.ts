import { hkdfSync } from 'node:crypto'
import { compactDecrypt, CompactEncrypt } from 'jose'

/** Encrypts texts at rest (JWE, `dir` with A256GCM, RFC 7516). */
export type TextCipher = {
  encrypt(text: string): Promise<string>
  /** @throws Error if no secret fits: KEY_ENCRYPTION_KEY has changed */
  decrypt(encrypted: string): Promise<string>
}

/** A 32-byte key for a single purpose (HKDF-SHA-256, RFC 5869). */
export function deriveKey(secret: string, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', purpose, 32))
}

/** Gives the keys for a purpose. Derives each once; `secrets` may change. */
export function deriveKeys(secrets: readonly string[], purpose: string): () => Uint8Array[] {
  const derived = new Map<string, Uint8Array>()
  function keyOf(secret: string): Uint8Array {
    const key = derived.get(secret) ?? deriveKey(secret, purpose)
    derived.set(secret, key)
    return key
  }
  return () => secrets.map(keyOf)
}

/**
 * @param secrets KEY_ENCRYPTION_KEY: the first encrypts, all decrypt
 * @param purpose separates the keys: a text encrypted for one purpose cannot be decrypted for another
 */
export function createTextCipher(secrets: readonly string[], purpose: string): TextCipher {
  const keys = deriveKeys(secrets, purpose)
  return {
    async encrypt(text) {
      const [key] = keys()
      if (key === undefined) throw new TypeError('a cipher needs at least one secret')
      return await new CompactEncrypt(new TextEncoder().encode(text))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .encrypt(key)
    },

    async decrypt(encrypted) {
      const attempts = keys().map((key) =>
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

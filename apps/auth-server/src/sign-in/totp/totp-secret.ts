import type { Config } from '../../config/config.ts'
import { createTextCipher, type TextCipher } from '../../storage/encrypt-text.ts'

/** Encrypts the secrets of authenticator apps at rest. */
export function totpCipher({ keyEncryptionKeys }: Pick<Config, 'keyEncryptionKeys'>): TextCipher {
  return createTextCipher(keyEncryptionKeys, 'secret of one-time codes A256GCM')
}

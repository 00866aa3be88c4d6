import type { Config } from '../../config/config.ts'
import { createTextCipher, type TextCipher } from '../../storage/encrypt-text.ts'

/** Keeps the secrets of authenticator apps unreadable at rest. */
export function totpCipher({ keyEncryptionKeys }: Pick<Config, 'keyEncryptionKeys'>): TextCipher {
  return createTextCipher(keyEncryptionKeys, 'secret of one-time codes A256GCM')
}

import { CompactEncrypt } from 'jose'
import { mailKey } from './mail-key.ts'
import { mailMessage, type MailMessage } from './mail-message.ts'

/**
 * Encrypts the message with the first secret (JWE, `dir` with A256GCM), because its link is a key to an
 * account and the operators of a queue can read it.
 *
 * @throws ZodError if the message does not fit the contract
 */
export async function sealMail(message: MailMessage, secrets: readonly string[]): Promise<string> {
  const [secret] = secrets
  if (secret === undefined) throw new TypeError('sealMail needs at least one secret')
  const { id, key } = mailKey(secret)
  const content = new TextEncoder().encode(JSON.stringify(mailMessage.parse(message)))
  return await new CompactEncrypt(content)
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: id })
    .encrypt(key)
}

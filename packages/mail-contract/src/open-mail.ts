import { compactDecrypt, type CompactJWEHeaderParameters, errors } from 'jose'
import { mailKey } from './mail-key.ts'
import { mailMessage, type MailMessage } from './mail-message.ts'
import { UnreadableMail } from './unreadable-mail.ts'

/**
 * Decrypts a message that `sealMail` encrypted with any of these secrets.
 *
 * @throws UnreadableMail if it was changed, encrypted with another secret, or is not a message
 */
export async function openMail(sealed: string, secrets: readonly string[]): Promise<MailMessage> {
  const result = mailMessage.safeParse(parse(await decrypt(sealed, secrets)))
  if (result.success) return result.data
  const fields = result.error.issues.map(({ path }) => path.join('.') || 'message')
  throw new UnreadableMail(
    'invalid_message',
    `not an e-mail that this version knows: ${fields.join(', ')}`,
  )
}

async function decrypt(sealed: string, secrets: readonly string[]): Promise<string> {
  const keys = new Map(secrets.map(mailKey).map(({ id, key }) => [id, key]))
  function keyNamed({ kid = '' }: CompactJWEHeaderParameters): Uint8Array {
    const key = keys.get(kid)
    if (key) return key
    throw new UnreadableMail(
      'unknown_secret',
      'encrypted with a secret that is not in MAIL_SECRETS',
    )
  }
  try {
    const { plaintext } = await compactDecrypt(sealed, keyNamed, {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    })
    return new TextDecoder().decode(plaintext)
  } catch (error) {
    if (error instanceof errors.JOSEError)
      throw new UnreadableMail('not_sealed', 'not an encrypted e-mail, or changed in transit')
    throw error
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

import { describe, expect, it } from '@jest/globals'
import { CompactEncrypt, decodeProtectedHeader } from 'jose'
import { mailKey } from './mail-key.ts'
import { confirmMail } from './mail-message.fixture.ts'
import { openMail } from './open-mail.ts'
import { sealMail } from './seal-mail.ts'

const secret = 'the-secret-that-seals-these-mails-0123'
const older = 'the-secret-that-was-used-before-456789'

describe('a sealed e-mail', () => {
  it('opens to exactly the message that was sealed', async () => {
    const message = confirmMail()
    expect(await openMail(await sealMail(message, [secret]), [secret])).toEqual(message)
  })

  it('shows neither link nor address without the secret', async () => {
    const sealed = await sealMail(confirmMail(), [secret])
    const parts = sealed.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'))
    expect(parts.join()).not.toMatch(/confirm-token|ada@|example/)
    expect(decodeProtectedHeader(sealed)).toMatchObject({ alg: 'dir', enc: 'A256GCM' })
  })

  it('is a different text each time', async () => {
    const message = confirmMail()
    expect(await sealMail(message, [secret])).not.toBe(await sealMail(message, [secret]))
  })

  it('is refused if any part of it was changed', async () => {
    const sealed = await sealMail(confirmMail(), [secret])
    for (let part = 0; part < 5; part += 1) {
      const parts = sealed.split('.')
      parts[part] = flipFirst(parts[part] ?? '')
      await expect(openMail(parts.join('.'), [secret])).rejects.toMatchObject({
        name: 'UnreadableMail',
        code: 'not_sealed',
      })
    }
  })

  it.each(['', 'hello', '{"kind":"confirm"}', 'a.b.c', 'a.b.c.d.e'])(
    'is refused if it was not encrypted: %j',
    async (text) => {
      await expect(openMail(text, [secret])).rejects.toMatchObject({ code: 'not_sealed' })
    },
  )
})

describe('rotation of MAIL_SECRETS', () => {
  it('opens what any of the secrets sealed', async () => {
    const message = confirmMail()
    const sealed = await sealMail(message, [older])
    expect(await openMail(sealed, [secret, older])).toEqual(message)
  })

  it('seals with the first', async () => {
    const sealed = await sealMail(confirmMail(), [secret, older])
    await expect(openMail(sealed, [secret])).resolves.toBeDefined()
    await expect(openMail(sealed, [older])).rejects.toMatchObject({ code: 'unknown_secret' })
  })

  it('needs at least one secret', async () => {
    await expect(sealMail(confirmMail(), [])).rejects.toThrow(TypeError)
  })
})

describe('sealed content that is not a message', () => {
  it.each([
    ['an unknown kind', { ...confirmMail(), kind: 'newsletter' }],
    ['a kind without its link', { ...confirmMail(), data: { siteName: 'Latchkey' } }],
    ['not an object', 'hello'],
  ])('is refused: %s', async (_name, content) => {
    const sealed = await seal(JSON.stringify(content))
    await expect(openMail(sealed, [secret])).rejects.toMatchObject({ code: 'invalid_message' })
  })

  it('is refused: not JSON', async () => {
    await expect(openMail(await seal('{'), [secret])).rejects.toMatchObject({
      code: 'invalid_message',
    })
  })

  it('is not repeated in the error', async () => {
    const sealed = await seal(JSON.stringify({ ...confirmMail(), kind: 'newsletter' }))
    const error: unknown = await openMail(sealed, [secret]).catch((error: unknown) => error)
    expect(String(error)).not.toMatch(/token|example|newsletter/)
  })
})

function flipFirst(part: string): string {
  return part.startsWith('A') ? `B${part.slice(1)}` : `A${part.slice(1)}`
}

async function seal(content: string): Promise<string> {
  const { id, key } = mailKey(secret)
  return await new CompactEncrypt(new TextEncoder().encode(content))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: id })
    .encrypt(key)
}

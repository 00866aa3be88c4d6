import { createServer, type Server, type Socket } from 'node:net'
import { once } from 'node:events'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type MailMessage, mailKinds } from 'mail-contract'
import { createMailer } from './create-mailer.ts'
import { confirmUrl, mailOf } from '../mail.fixture.ts'
import { type Answer, startSmtp, type TestSmtp } from './smtp-server.fixture.ts'

const from = 'Latchkey <no-reply@login.example.com>'
let smtp: TestSmtp

beforeAll(async () => void (smtp = await startSmtp()))
beforeEach(() => {
  smtp.caught.length = 0
  smtp.follow(() => 'accept')
})
afterAll(() => smtp.close())

function deliver(message: MailMessage, timeoutMs = 2_000): Promise<void> {
  return createMailer({ smtpUrl: smtp.url, from, timeoutMs }).deliver(message)
}

describe('a delivered e-mail', () => {
  it.each(mailKinds)('arrives readable: %s', async (kind) => {
    await deliver(mailOf(kind))
    const [{ to, mail } = { to: [], mail: undefined }] = smtp.caught
    expect(to).toEqual(['ada@example.com'])
    expect(mail?.from).toMatchObject({ name: 'Latchkey', address: 'no-reply@login.example.com' })
    expect(mail?.to).toMatchObject([{ address: 'ada@example.com' }])
    expect(mail?.subject).toContain('Latchkey')
    expect(mail?.html).toContain('<h1')
    expect(mail?.text).toContain('Latchkey')
    expect(mail?.attachments).toEqual([])
  })

  it.each(mailKinds)(
    'has headers that the strictest mail server accepts: %s (R70)',
    async (kind) => {
      await deliver(mailOf(kind))
      const headers = smtp.caught[0]?.headers
      expect(headers?.get('date')).toBe('Fri, 02 Jan 2026 03:04:05 +0000')
      expect(headers?.get('auto-submitted')).toBe('auto-generated')
    },
  )

  it('has one sender, even if the site’s name contains a comma', async () => {
    const from = 'Shop, Ltd: Berlin <no-reply@shop.example>'
    await createMailer({ smtpUrl: smtp.url, from }).deliver(mailOf('confirm'))
    const [caught] = smtp.caught
    expect(caught?.from).toBe('no-reply@shop.example')
    expect(caught?.mail.from).toMatchObject({
      name: 'Shop, Ltd: Berlin',
      address: 'no-reply@shop.example',
    })
  })

  it('has the same Message-ID however often it is sent (C30)', async () => {
    const message = mailOf('confirm', { id: 'mail-1' })
    await deliver(message)
    await deliver(message)
    const ids = smtp.caught.map(({ mail }) => mail.messageId)
    expect(ids).toEqual(['<mail-1@login.example.com>', '<mail-1@login.example.com>'])
  })

  it('asks for no automatic answer', async () => {
    await deliver(mailOf('confirm'))
    expect(smtp.caught[0]?.raw).toContain('Auto-Submitted: auto-generated')
  })

  it('reaches addresses beyond ASCII', async () => {
    await deliver(mailOf('confirm', { to: 'ada@bücher.example' }))
    expect(smtp.caught[0]?.to).toEqual([
      expect.stringMatching(/^ada@(xn--bcher-kva|bücher)\.example$/),
    ])
  })

  it('keeps the link intact', async () => {
    await deliver(mailOf('confirm'))
    expect(smtp.caught[0]?.mail.text).toContain(confirmUrl)
    expect(smtp.caught[0]?.mail.html).toContain(`href="${confirmUrl}"`)
  })
})

describe('header injection (R43, C24)', () => {
  const message = mailOf('confirm')
  const hostile: [string, MailMessage][] = [
    ['a line break in the address', { ...message, to: 'ada@example.com\r\nBcc: eve@example.com' }],
    ['a quoted @', { ...message, to: '"eve@evil.example"@example.com' }],
    ['nested groups', { ...message, to: `${'a:'.repeat(3000)}ada@example.com${';'.repeat(3000)}` }],
    ['two addresses', { ...message, to: 'ada@example.com, eve@example.com' }],
    ['a line break in the id', { ...message, id: 'x>\r\nBcc: eve@example.com' }],
    [
      'a line break in the site name',
      mailWith({ siteName: 'Latchkey\r\nBcc: eve@example.com\r\n\r\nhello' }),
    ],
  ]

  it.each(hostile)('is refused for good, before SMTP: %s', async (_name, message) => {
    smtp.attempts.clear()
    await expect(deliver(message)).rejects.toMatchObject({ name: 'MailError', temporary: false })
    expect(smtp.attempts.size).toBe(0)
  })

  it('is refused in a sender with a line break', () => {
    const from = 'Latchkey <no-reply@example.com>\r\nBcc: eve@example.com'
    expect(() => createMailer({ smtpUrl: smtp.url, from })).toThrow(TypeError)
  })
})

describe('a failure', () => {
  it.each([
    [421, 'RCPT', true],
    [451, 'RCPT', true],
    [451, 'DATA', true],
    [550, 'RCPT', false],
    [554, 'DATA', false],
  ] as const)('%i at %s: temporary %s (F15)', async (refuse, at, temporary) => {
    smtp.follow(() => ({ refuse, at }))
    await expect(deliver(mailOf('confirm'))).rejects.toMatchObject({
      temporary,
      reason: expect.stringContaining(String(refuse)),
    })
  })

  it('is temporary if the connection drops in DATA (F15)', async () => {
    smtp.follow(() => 'drop')
    await expect(deliver(mailOf('confirm'))).rejects.toMatchObject({ temporary: true })
  })

  it('is temporary if no server listens', async () => {
    const mailer = createMailer({ smtpUrl: 'smtp://127.0.0.1:1', from })
    await expect(mailer.deliver(mailOf('confirm'))).rejects.toMatchObject({
      temporary: true,
      reason: expect.stringContaining('ECONNREFUSED'),
    })
  })

  it('is temporary if the server refuses our sign-in', async () => {
    const smtpUrl = smtp.url.replace('smtp://', 'smtp://user:wrong@')
    const mailer = createMailer({ smtpUrl: `${smtpUrl}/?forceAuth=true`, from })
    await expect(mailer.deliver(mailOf('confirm'))).rejects.toMatchObject({ temporary: true })
  })

  it.each([
    'https://login.example.com/invite?confirmation=confirm-token-0123',
    'confirm-token-0123',
  ])('never repeats the link, even if the server does: %s', async (quoted) => {
    const refusal: Answer = { refuse: 554, at: 'DATA', text: `listed: ${quoted} is spam` }
    smtp.follow(() => refusal)
    const error: unknown = await deliver(mailOf('confirm')).catch((error: unknown) => error)
    expect(error).toMatchObject({ reason: expect.stringContaining('listed: [link]') })
    expect(String(error)).not.toContain('confirm-token')
  })
})

describe('a conversation that stalls', () => {
  it('is cut off at the deadline, and the e-mail may be tried again (F15)', async () => {
    smtp.follow(() => 'stall')
    const started = performance.now()
    await expect(deliver(mailOf('confirm'), 300)).rejects.toMatchObject({ temporary: true })
    expect(performance.now() - started).toBeLessThan(1_500)
  })

  it('is cut off even if the server keeps talking slowly', async () => {
    const { server, url, gone } = await startDrip()
    const mailer = createMailer({ smtpUrl: url, from, timeoutMs: 300 })
    await expect(mailer.deliver(mailOf('confirm'))).rejects.toMatchObject({
      temporary: true,
      reason: 'The SMTP conversation took too long.',
    })
    await gone
    server.close()
  })

  it('holds up no other e-mail', async () => {
    smtp.follow((to) => (to.startsWith('slow') ? 'stall' : 'accept'))
    const stalled = deliver(mailOf('confirm', { to: 'slow@example.com' }), 1_000).catch(() => 'cut')
    await deliver(mailOf('confirm', { to: 'quick@example.com' }))
    expect(smtp.caught).toHaveLength(1)
    expect(await stalled).toBe('cut')
  })
})

function mailWith(data: { siteName: string }): MailMessage {
  const message = mailOf('confirm')
  if (message.kind !== 'confirm') throw new Error('not a confirm mail')
  return { ...message, data: { ...message.data, ...data } }
}

/** A server whose greeting never ends: it sends a line now and then, so it is never idle. */
async function startDrip() {
  const { promise: gone, resolve } = Promise.withResolvers<void>()
  const server: Server = createServer((socket: Socket) => {
    const timer = setInterval(() => socket.write('220-wait\r\n'), 50)
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearInterval(timer)
      resolve()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening on a port')
  return { server, url: `smtp://127.0.0.1:${address.port}`, gone }
}

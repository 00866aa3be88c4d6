import { describe, expect, it } from '@jest/globals'
import { confirmMail } from './mail-message.fixture.ts'
import { mailKinds, mailMessage } from './mail-message.ts'
import { queues } from './queues-and-delays.ts'
import { sealMail } from './seal-mail.ts'

describe('the recipient of an e-mail', () => {
  it.each([
    'ada@example.com',
    'a.d+a@mail.example.co.uk',
    "o'hara@example.com",
    'jö@bücher.example',
  ])('may be %s', (to) => {
    expect(mailMessage.safeParse(confirmMail({ to })).success).toBe(true)
  })

  it.each([
    ['a line break', 'ada@example.com\r\nBcc: eve@example.com'],
    ['a line break at its end', 'ada@example.com\n'],
    ['a bare line feed in front', '\nada@example.com'],
    ['a quoted @', '"eve@evil.example"@example.com'],
    ['a quoted address and a second one', '"ada@example.com eve@evil.example"@example.com'],
    ['a group', 'g0: ada@example.com, eve@example.com;'],
    ['nested groups', `${'g:'.repeat(50)}ada@example.com${';'.repeat(50)}`],
    ['a list', 'ada@example.com,eve@example.com'],
    ['a display name', 'Ada <ada@example.com>'],
    ['a comment', 'ada(eve@example.com)@example.com'],
    ['an encoded word', '=?utf-8?Q?a@b?= <ada@example.com>'],
    ['a null character', 'ada\0@example.com'],
    ['no domain', 'ada'],
    ['a line separator', 'ada\u2028@example.com'],
  ])('is refused before any mail program sees it: %s (R43, C24)', async (_name, to) => {
    await expect(sealMail(confirmMail({ to }), ['a secret'])).rejects.toThrow(
      'plain e-mail address',
    )
  })
})

describe('the data of an e-mail', () => {
  it.each(['username', 'siteName'])('is a single line: %s (R43)', (field) => {
    const message = confirmMail()
    const data = { ...message.data, [field]: 'x\r\nBcc: eve@example.com' }
    expect(mailMessage.safeParse({ ...message, data }).success).toBe(false)
  })

  it.each(['javascript:alert(1)', '//evil.example', 'data:text/html,x'])(
    'holds links to web pages only, not to %s',
    (url) => {
      const message = confirmMail()
      const data = { ...message.data, link: { url, expiresAt: '2026-01-05T03:04:05.000Z' } }
      expect(mailMessage.safeParse({ ...message, data }).success).toBe(false)
    },
  )

  it('accepts the facts of a notice from any client, reduced to one line', () => {
    const { data: _data, ...rest } = confirmMail()
    const data = { siteName: 'Latchkey', device: 'Firefox\r\nBcc: eve\u202E', address: '::1' }
    expect(mailMessage.parse({ ...rest, kind: 'new_device', data }).data).toEqual({
      siteName: 'Latchkey',
      device: 'Firefox Bcc: eve',
      address: '::1',
    })
  })
})

describe('the id of an e-mail', () => {
  it.each(['', 'a b', 'x>\r\nBcc: y', '<x@y>'])('cannot be %j (R43)', (id) => {
    expect(mailMessage.safeParse(confirmMail({ id })).success).toBe(false)
  })
})

describe('the kinds of e-mail', () => {
  it('are these', () => {
    expect(mailKinds.toSorted()).toEqual([
      'confirm',
      'email_change',
      'email_changed',
      'factors_changed',
      'has_account',
      'invite',
      'new_device',
      'password_changed',
      'reset',
      'token_reuse',
    ])
  })
})

describe('queues', () => {
  it('make an e-mail wait longer after each try', () => {
    const delays = queues().retries.map(({ delayMs }) => delayMs)
    expect(delays).toEqual(delays.toSorted((a, b) => a - b))
    expect(delays).toHaveLength(4)
  })

  it('can have a prefix, and delays in their names', () => {
    expect(queues('test-', [50])).toEqual({
      mail: 'test-mail',
      retries: [{ name: 'test-mail.retry.50', delayMs: 50 }],
      dead: 'test-mail.dead',
    })
  })
})

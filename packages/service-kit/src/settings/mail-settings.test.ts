import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { mailSettings } from './mail-settings.ts'

const settings = z.object(mailSettings({ required: false }))

describe('mailSettings', () => {
  it.each([
    'Shop',
    'Shop a@b.test',
    '<a@b.test',
    'a@b.test>',
    '<a@b.test>',
    'a@b.test, c@d.test',
    'a,c@d.test',
    'Shop <a@b.test>\r\nBcc: c@d.test',
    'Shop <a@b.test> <c@d.test>',
  ])('refuse a sender that is not exactly one address: %j (R43)', (MAIL_FROM) => {
    expect(settings.safeParse({ MAIL_FROM }).success).toBe(false)
  })

  it.each(['no-reply@shop.test', 'no-reply@localhost', 'Shop, Ltd <no-reply@shop.test>'])(
    'accept the sender %s',
    (MAIL_FROM) => {
      expect(settings.parse({ MAIL_FROM })).toEqual({ MAIL_FROM })
    },
  )

  it('name every missing setting if they are required', () => {
    const { error } = z.object(mailSettings({ required: true })).safeParse({})
    expect(error?.issues.map(({ path }) => path.join('.'))).toEqual([
      'AMQP_URL',
      'SMTP_URL',
      'MAIL_FROM',
    ])
  })
})

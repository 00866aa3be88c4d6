import { describe, expect, it } from '@jest/globals'
import { mailEntry } from '../../mail/mail-entry.ts'
import { UnsendableMail } from '../../mail/mail-errors.ts'
import type { Invite } from '../invitations/invite.model.ts'
import { hashToken, inviteToken } from '../invitations/invite-token.ts'
import { composeMail } from './compose-mail.ts'

const secret = 'a secret of this test'
const config = {
  publicUrl: new URL('https://login.example/'),
  siteName: 'Latchkey',
  mailSecrets: [secret],
}
const now = new Date()
const invite: Invite = {
  id: 'one',
  tokenHash: hashToken(inviteToken(secret, 'one')),
  email: null,
  createdAt: now,
  expiresAt: now,
  createdBy: null,
  revokedAt: null,
  usedAt: null,
  usedBy: null,
  outbox: [],
}

describe('an e-mail of the outbox', () => {
  it('is composed with its link', () => {
    const mail = composeMail(config, mailEntry({ kind: 'invite', to: 'ada@example.com' }), {
      invite,
    })
    expect(mail).toMatchObject({ to: 'ada@example.com', data: { siteName: 'Latchkey' } })
    expect(mail.data).toHaveProperty('link.url')
  })

  it.each(['nobody', 'ada@example.com, eve@example.com', 'ada@example.com\r\nBcc: eve@x.example'])(
    'is given up, and names the field, if it is for %j (R43)',
    (to) => {
      const compose = () => composeMail(config, mailEntry({ kind: 'invite', to }), { invite })
      expect(compose).toThrow(UnsendableMail)
      expect(compose).toThrow('check to')
    },
  )
})

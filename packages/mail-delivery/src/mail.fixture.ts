import { randomUUID } from 'node:crypto'
import { type MailKind, type MailMessage, mailMessage } from 'mail-contract'

export const confirmUrl = 'https://login.example.com/invite?confirmation=confirm-token-0123'
export const notMeUrl = 'https://login.example.com/not-me?token=not-me-token-0123'

type Given = { id?: string; to?: string; data?: object }

/** An e-mail of any kind, with every field set. */
export function mailOf(kind: MailKind, { data, ...given }: Given = {}): MailMessage {
  return mailMessage.parse({
    id: randomUUID(),
    kind,
    to: 'ada@example.com',
    locale: 'en',
    at: '2026-01-02T03:04:05.000Z',
    ...given,
    data: {
      username: 'ada',
      siteName: 'Latchkey',
      notMeUrl,
      link: { url: confirmUrl, expiresAt: '2096-01-05T03:04:05.000Z' },
      address: '2001:db8::1',
      device: 'Firefox on Linux',
      ...(kind === 'factors_changed' && { change: 'totp_added' }),
      ...data,
    },
  })
}

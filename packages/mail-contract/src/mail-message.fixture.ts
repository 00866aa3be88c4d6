import { randomUUID } from 'node:crypto'
import type { MailMessage } from './mail-message.ts'

/** An e-mail to confirm an account, as the auth server sends it. */
export function confirmMail(given: { id?: string; to?: string } = {}): MailMessage {
  return {
    id: randomUUID(),
    kind: 'confirm',
    to: 'ada@example.com',
    locale: 'en',
    at: '2026-01-02T03:04:05.000Z',
    data: {
      username: 'ada',
      siteName: 'Latchkey',
      notMeUrl: 'https://login.example.com/not-me?token=not-me-token',
      link: {
        url: 'https://login.example.com/invite?confirmation=confirm-token',
        expiresAt: '2026-01-05T03:04:05.000Z',
      },
    },
    ...given,
  }
}

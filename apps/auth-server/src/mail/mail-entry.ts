import { randomUUID } from 'node:crypto'
import type { MailKind } from 'mail-contract'

const requestedMails = ['confirm', 'reset'] as const

/** Which mail anybody may ask for, for any address. */
export type RequestedMail = (typeof requestedMails)[number]

export function isRequestedMail(kind: string): kind is RequestedMail {
  return requestedMails.some((requested) => requested === kind)
}

/**
 * A mail that is to be sent, kept in the document whose change causes it. It holds neither token
 * nor link: those are made when it is sent.
 */
export type OutboxEntry = {
  /** The same for every attempt: a mailbox that receives it twice can tell. */
  id: string
  kind: MailKind
  to: string
  locale: string
  at: Date
  /** Facts that a notice tells, such as `address` or `device`. */
  data: Record<string, string>
  /** When it is to be tried next; null when it was given up. */
  dueAt: Date | null
  attempts: number
  failedAt: Date | null
  /** Why it was given up. */
  reason: string | null
}

type NewMail = Pick<OutboxEntry, 'kind' | 'to'> & { id?: string; data?: Record<string, string> }

/**
 * An entry for the outbox of a user or an invite, due at once.
 *
 * @param mail.id where the same thing may cause it twice
 */
export function mailEntry({ id = randomUUID(), kind, to, data = {} }: NewMail): OutboxEntry {
  const at = new Date()
  const delivery = { dueAt: at, attempts: 0, failedAt: null, reason: null }
  return { id, kind, to, locale: 'en', at, data, ...delivery }
}

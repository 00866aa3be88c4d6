import { randomUUID } from 'node:crypto'
import type { MailKind } from 'mail-contract'

const requestedMails = ['confirm', 'reset'] as const

/** The kinds of e-mail that anyone can request, for any address. */
export type RequestedMail = (typeof requestedMails)[number]

export function isRequestedMail(kind: string): kind is RequestedMail {
  return requestedMails.some((requested) => requested === kind)
}

/**
 * An e-mail to send, kept in the document whose change causes it. It holds neither token nor link:
 * those are made when it is sent.
 */
export type OutboxEntry = {
  /** The same for every attempt, so that a mailbox can recognise a duplicate. */
  id: string
  kind: MailKind
  to: string
  locale: string
  at: Date
  /** Facts for the text, such as `address` or `device`. */
  data: Record<string, string>
  /** When it is tried next; null once it is given up. */
  dueAt: Date | null
  attempts: number
  failedAt: Date | null
  /** Why it was given up. */
  reason: string | null
}

type NewMail = Pick<OutboxEntry, 'kind' | 'to'> & { id?: string; data?: Record<string, string> }

/**
 * A new outbox entry, due at once.
 *
 * @param mail.id given if the same cause could queue it twice
 */
export function mailEntry({ id = randomUUID(), kind, to, data = {} }: NewMail): OutboxEntry {
  const at = new Date()
  const delivery = { dueAt: at, attempts: 0, failedAt: null, reason: null }
  return { id, kind, to, locale: 'en', at, data, ...delivery }
}

import { deviceInWords } from '../../http/request-device.ts'
import { isByAdmins } from '../../audit/audit-events.ts'
import { listEventsOf } from '../../audit/list-audit-events.ts'
import type { AuditRecords } from '../../audit/audit-record.model.ts'

export type SecurityEvent = {
  id: string
  at: Date
  event: string
  words: string
  outcome: 'success' | 'failure'
  /** The network address it came from; null if an admin did it. */
  address: string | null
  /** Browser and system in words; null if unknown or if an admin did it. */
  device: string | null
  /** The client involved, if any. */
  client: string | null
  byAdmin: boolean
}

/**
 * A page of the security events of a user's account, newest first, for that user to see. An event by
 * an admin names neither the admin nor the network address.
 */
export async function listSecurityEvents(
  records: AuditRecords,
  userId: string,
  page: { limit?: number; after?: string | undefined } = {},
): Promise<{ events: SecurityEvent[]; next: string | null }> {
  const { events, next } = await listEventsOf(records, userId, page)
  const own = events.map((event) => {
    const { id, at, words, outcome, address, userAgent, actorId, details } = event
    // By the kind of event: a thief who uses a stolen link may be signed in to another account.
    // Anybody may ask for an e-mail to a known address, and nobody is noted for it.
    const byAnybody = event.event === 'mail_requested' && actorId === null
    const byAdmin = isByAdmins(event.event) && actorId !== userId && !byAnybody
    return {
      id,
      at,
      event: event.event,
      words,
      outcome,
      address: byAdmin ? null : address,
      device: byAdmin || userAgent === null ? null : deviceInWords(userAgent),
      client: typeof details.client === 'string' ? details.client : null,
      byAdmin,
    }
  })
  return { events: own, next }
}

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
  /** Where it was done from; null when an administrator did it. */
  address: string | null
  /** Browser and system in words. */
  device: string | null
  /** The client site that it was done with. */
  client: string | null
  byAdmin: boolean
}

/**
 * What happened to a user's own account, the newest first, for that user. Where an administrator
 * did it, it says neither who nor from where.
 */
export async function listSecurityEvents(
  records: AuditRecords,
  userId: string,
  page: { limit?: number; after?: string | undefined } = {},
): Promise<{ events: SecurityEvent[]; next: string | null }> {
  const { events, next } = await listEventsOf(records, userId, page)
  const own = events.map((event) => {
    const { id, at, words, outcome, address, userAgent, actorId, details } = event
    // By the kind of event: whoever uses a stolen link may be signed in to an account of their own.
    const byAdmin = isByAdmins(event.event) && actorId !== userId
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

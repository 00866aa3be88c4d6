import { auditEvents } from './audit-events.ts'
import type { AuditRecords } from './audit-record.model.ts'

/** The sign-ins of one clock hour. */
export type SignInHour = { from: Date; signedIn: number; refused: number }

const HOUR_MS = 60 * 60 * 1000

/**
 * Counts sign-ins and refused sign-ins for the current hour and the 23 before it, oldest first. Neither
 * re-authentications nor rate-limited attempts count.
 */
export async function countSignIns(records: AuditRecords, now = new Date()): Promise<SignInHour[]> {
  const current = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS
  const hours = Array.from({ length: 24 }, (_, at) => new Date(current - (23 - at) * HOUR_MS))
  const counted: SignInHour[] = []
  // One hour at a time: all at once would use up the connections.
  for (const from of hours) {
    // oxlint-disable-next-line no-await-in-loop
    const [signedIn, refused] = await Promise.all([
      countHour(records, auditEvents.signedIn.name, from),
      countHour(records, auditEvents.signInFailed.name, from),
    ])
    counted.push({ from, signedIn, refused })
  }
  return counted
}

/** An index alone answers this, however many records there are. */
function countHour(records: AuditRecords, event: string, from: Date): Promise<number> {
  const to = new Date(from.getTime() + HOUR_MS)
  return records.countDocuments({ event: { $eq: event }, at: { $gte: from, $lt: to } })
}

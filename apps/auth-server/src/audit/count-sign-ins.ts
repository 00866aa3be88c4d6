import { auditEvents } from './audit-events.ts'
import type { AuditRecords } from './audit-record.model.ts'

/** Sign-ins of one hour by the clock. */
export type SignInHour = { from: Date; signedIn: number; refused: number }

const HOUR_MS = 60 * 60 * 1000

/**
 * Counts sign-ins and refused ones by the hour: the current one and the 23 before it, the oldest
 * first. Re-authentications do not count, nor what was refused for being too many.
 */
export async function countSignIns(records: AuditRecords, now = new Date()): Promise<SignInHour[]> {
  const current = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS
  const hours = Array.from({ length: 24 }, (_, at) => new Date(current - (23 - at) * HOUR_MS))
  const counted: SignInHour[] = []
  // One hour after the other: all at once would take every connection there is.
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

/** Each is answered by an index alone, however many records there are. */
function countHour(records: AuditRecords, event: string, from: Date): Promise<number> {
  const to = new Date(from.getTime() + HOUR_MS)
  return records.countDocuments({ event: { $eq: event }, at: { $gte: from, $lt: to } })
}

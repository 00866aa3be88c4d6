import type { AuditRecords } from './audit-record.model.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/**
 * Removes the records that are older than the audit log is kept: nothing else is ever removed from
 * it.
 */
export async function removeOldRecords(
  records: AuditRecords,
  { auditDays, now = new Date() }: { auditDays: number; now?: Date },
): Promise<void> {
  await records.deleteMany({ at: { $lt: new Date(now.getTime() - auditDays * DAY_MS) } })
}

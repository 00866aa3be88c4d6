import type { Connection } from 'mongoose'
import type { Registry } from 'prom-client'
import { type Logger, repeat } from 'service-kit'
import { auditRecordModel, type AuditRecords } from './audit-record.model.ts'
import { type Audit, createAudit } from './create-audit.ts'
import { queueRecords } from './queue-records.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/**
 * Removes records older than `auditDays`. Nothing else is ever removed from the audit log.
 */
export async function removeOldRecords(
  records: AuditRecords,
  { auditDays, now = new Date() }: { auditDays: number; now?: Date },
): Promise<void> {
  await records.deleteMany({ at: { $lt: new Date(now.getTime() - auditDays * DAY_MS) } })
}

export type OpenAudit = {
  audit: Audit
  auditRecords: AuditRecords
  /** Waits up to two seconds until the queued records are stored. @returns how many are not stored */
  settle: () => Promise<number>
  /** Does the same and stops removing old records. */
  close: () => Promise<number>
}

const HOUR_MS = 60 * 60 * 1000

/** Opens the audit log of a database: creates its indexes and removes old records every hour. */
export async function openAudit(deps: {
  mongo: Connection
  logger: Logger
  registry: Registry
  auditDays: number
}): Promise<OpenAudit> {
  const { mongo, logger, registry, auditDays } = deps
  const auditRecords = auditRecordModel(mongo)
  await auditRecords.createIndexes()
  const { add, settle } = queueRecords({ records: auditRecords, logger })
  const sweep = repeat({
    what: 'removing old audit records',
    everyMs: HOUR_MS,
    logger,
    work: () => removeOldRecords(auditRecords, { auditDays }),
  })
  return {
    audit: createAudit({ logger, registry, keep: add }),
    auditRecords,
    settle,
    async close() {
      const [left] = await Promise.all([settle(), sweep.stop()])
      return left
    },
  }
}

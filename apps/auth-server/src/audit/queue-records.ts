import { setTimeout as sleep } from 'node:timers/promises'
import { type Logger, withinMs } from 'service-kit'
import { isDuplicate } from '../storage/is-duplicate.ts'
import type { AuditRecord, AuditRecords } from './audit-record.model.ts'

export type RecordQueue = {
  /** Neither waits nor fails. */
  add: (record: AuditRecord) => void
  /** Waits until what was added is stored, for two seconds at most. @returns how many records are not */
  settle: () => Promise<number>
}

// Some seconds' worth of a busy server.
const CAPACITY = 5_000
const BATCH = 200
const PAUSE_MS = 500
const PATIENCE_MS = 2_000

/**
 * Stores records one batch at a time, beside the requests that cause them: no request waits for it
 * or fails with it. While MongoDB is down up to `CAPACITY` records wait here. Those beyond that
 * are in the log alone, which says how many.
 */
export function queueRecords({
  records,
  logger,
}: {
  records: AuditRecords
  logger: Logger
}): RecordQueue {
  let waiting: AuditRecord[] = []
  let lost = 0
  let storing: Promise<void> | undefined

  async function storeAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH)
      // oxlint-disable-next-line no-await-in-loop
      if (await store(records, batch, logger)) waiting = waiting.slice(batch.length)
      // It keeps no process alive.
      // oxlint-disable-next-line no-await-in-loop
      else await sleep(PAUSE_MS, undefined, { ref: false })
    }
    if (lost > 0) logger.error({ lost }, 'audit records were lost: they are in this log alone')
    lost = 0
  }

  function begin(): void {
    storing = storeAll().then(() => {
      storing = undefined
      // One that came in after the last look.
      if (waiting.length > 0) begin()
    })
  }

  return {
    add(record) {
      if (waiting.length >= CAPACITY) lost += 1
      else waiting.push(record)
      if (!storing) begin()
    },
    async settle() {
      await withinMs(PATIENCE_MS, async () => storing).catch(() => undefined)
      return waiting.length + lost
    },
  }
}

async function store(
  records: AuditRecords,
  batch: AuditRecord[],
  logger: Logger,
): Promise<boolean> {
  try {
    await records.insertMany(batch, { ordered: false })
    return true
  } catch (error) {
    // An attempt before was not answered, and had stored some.
    if (isDuplicate(error)) return true
    logger.warn({ err: error }, 'audit records wait to be stored')
    return false
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import { type Logger, withinMs } from 'service-kit'
import { isDuplicate } from '../storage/is-duplicate.ts'
import type { AuditRecord, AuditRecords } from './audit-record.model.ts'

export type RecordQueue = {
  /** Neither waits nor fails. */
  add: (record: AuditRecord) => void
  /** Waits up to two seconds until the queue is stored. @returns how many records are not stored */
  settle: () => Promise<number>
}

// A few seconds' worth on a busy server.
const CAPACITY = 5_000
const BATCH = 200
const PAUSE_MS = 500
const PATIENCE_MS = 2_000

/**
 * Stores records in batches, apart from the requests that cause them: no request waits for it or fails
 * with it. While MongoDB is down, up to `CAPACITY` records wait here. Any more are only in the log, which
 * says how many.
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
      // Does not keep the process alive.
      // oxlint-disable-next-line no-await-in-loop
      else await sleep(PAUSE_MS, undefined, { ref: false })
    }
    if (lost > 0) logger.error({ lost }, 'audit records were lost: they are only in this log')
    lost = 0
  }

  function begin(): void {
    storing = storeAll().then(() => {
      storing = undefined
      // A record was added after the last check.
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
    // An earlier attempt stored them but got no answer.
    if (isDuplicate(error)) return true
    logger.warn({ err: error }, 'audit records are waiting to be stored')
    return false
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { MailRecords } from './mail-records.ts'

// Longer than Redis takes to start again.
const PATIENCE_MS = 20_000
const PAUSE_MS = 250

/**
 * Records that a mail is sent, and tries for a while: without the record a second delivery would
 * send the same mail again. No other mail waits for it, for without Redis none is sent anyway.
 *
 * @throws Error when Redis is down for longer
 */
export async function recordSent(records: MailRecords, id: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    try {
      // oxlint-disable-next-line no-await-in-loop
      return await records.markSent(id)
    } catch (error) {
      if (performance.now() > deadline) throw error
      // oxlint-disable-next-line no-await-in-loop
      await sleep(PAUSE_MS)
    }
  }
}

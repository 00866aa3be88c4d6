import { setTimeout as sleep } from 'node:timers/promises'
import type { MailRecords } from './mail-records.ts'

// Longer than Redis takes to restart.
const PATIENCE_MS = 20_000
const PAUSE_MS = 250

/**
 * Records that an e-mail was sent, and retries for a while: without the record, a second delivery would
 * send it again. This holds up nothing, because without Redis no e-mail is sent anyway.
 *
 * @throws Error if Redis stays down for longer
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

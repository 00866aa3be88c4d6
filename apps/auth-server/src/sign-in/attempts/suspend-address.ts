import { findSuspension } from './check-suspension.ts'
import { writeCopy } from './suspension-copy.ts'
import type { SuspensionDeps } from './attempt-deps.ts'
import type { SuspensionRecord } from './suspension.model.ts'

const MINUTE_MS = 60 * 1000
const LONGEST_MS = 24 * 60 * MINUTE_MS

/** How long after its end a block makes the next one longer, in ms. */
export const COUNTS_FOR_MS = 24 * 60 * MINUTE_MS

/**
 * Blocks a network address for `SUSPEND_MINUTES` the first time and twice as long each further time, up to
 * a day. A block that ended more than a day ago no longer counts.
 *
 * @returns until when, and how many blocks in a row there were, including this one
 */
export async function suspendAddress(
  deps: SuspensionDeps,
  { address, failures, now = new Date() }: { address: string; failures: number; now?: Date },
): Promise<{ until: Date; times: number }> {
  const known = await findSuspension(deps.suspensions, address).catch(() => null)
  const times = known && isRecent(known, now) ? known.times + 1 : 1
  const ms = Math.min(deps.config.suspendMinutes * MINUTE_MS * 2 ** (times - 1), LONGEST_MS)
  const until = new Date(now.getTime() + ms)
  await writeCopy(deps, { address, until })
  await store(deps, { _id: address, since: now, until, failures, times })
  return { until, times }
}

/** Whether a block still counts: it is not over, or ended recently. */
export function isRecent({ until }: SuspensionRecord, now: Date): boolean {
  return until.getTime() > now.getTime() - COUNTS_FOR_MS
}

async function store(
  { suspensions, logger }: SuspensionDeps,
  { _id, ...suspension }: SuspensionRecord,
): Promise<void> {
  try {
    await suspensions.updateOne({ _id: _id }, { $set: suspension }, { upsert: true })
  } catch (error) {
    logger.warn({ err: error }, 'a blocked address is kept in Redis only')
  }
}

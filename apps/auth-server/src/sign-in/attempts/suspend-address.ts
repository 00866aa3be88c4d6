import { findSuspension } from './check-suspension.ts'
import { writeCopy } from './suspension-copy.ts'
import type { SuspensionDeps } from './attempt-deps.ts'
import type { SuspensionRecord } from './suspension.model.ts'

const MINUTE_MS = 60 * 1000
const LONGEST_MS = 24 * 60 * MINUTE_MS

/** How long after its end a suspension makes the next one longer, in ms. */
export const COUNTS_FOR_MS = 24 * 60 * MINUTE_MS

/**
 * Suspends a network address: `SUSPEND_MINUTES` the first time, twice as long each further time, up
 * to a day. What ended more than a day ago does not count any more.
 *
 * @returns until when, and how many suspensions in a row it makes, this one included
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

/** Whether a suspension still counts: it runs, or ended a short time ago. */
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
    logger.warn({ err: error }, 'a suspended address is kept in Redis alone')
  }
}

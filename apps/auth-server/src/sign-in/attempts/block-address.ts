import { findBlock } from './check-block.ts'
import { writeCopy } from './block-copy.ts'
import type { BlockDeps } from './attempt-deps.ts'
import type { BlockRecord } from './block.model.ts'

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
export async function blockAddress(
  deps: BlockDeps,
  { address, failures, now = new Date() }: { address: string; failures: number; now?: Date },
): Promise<{ until: Date; times: number }> {
  const known = await findBlock(deps.blocks, address).catch(() => null)
  const times = known && isRecent(known, now) ? known.times + 1 : 1
  const ms = Math.min(deps.config.suspendMinutes * MINUTE_MS * 2 ** (times - 1), LONGEST_MS)
  const until = new Date(now.getTime() + ms)
  await writeCopy(deps, { address, until })
  await store(deps, { _id: address, since: now, until, failures, times })
  return { until, times }
}

/** Whether a block still counts: it is not over, or ended recently. */
export function isRecent({ until }: BlockRecord, now: Date): boolean {
  return until.getTime() > now.getTime() - COUNTS_FOR_MS
}

async function store({ blocks, logger }: BlockDeps, { _id, ...block }: BlockRecord): Promise<void> {
  try {
    await blocks.updateOne({ _id: _id }, { $set: block }, { upsert: true })
  } catch (error) {
    logger.warn({ err: error }, 'a blocked address is kept in Redis only')
  }
}

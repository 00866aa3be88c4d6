import { repeat, type Logger } from 'service-kit'
import { COUNTS_FOR_MS } from './suspend-address.ts'
import type { Suspensions } from './suspension.model.ts'

const HOUR_MS = 60 * 60 * 1000

/** Every hour, removes blocks that ended so long ago that they no longer count. */
export function sweepSuspensions({
  suspensions,
  logger,
}: {
  suspensions: Suspensions
  logger: Logger
}): { stop: () => Promise<void> } {
  async function removeOld(): Promise<void> {
    const longAgo = new Date(Date.now() - COUNTS_FOR_MS)
    await suspensions.deleteMany({ until: { $lt: longAgo } })
  }
  return repeat({ what: 'removing old suspensions', everyMs: HOUR_MS, logger, work: removeOld })
}

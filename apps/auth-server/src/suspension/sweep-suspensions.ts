import { repeat, type Logger } from 'service-kit'
import type { Suspensions } from './suspension.model.ts'

const HOUR_MS = 60 * 60 * 1000

/** Removes every hour the suspensions that ended so long ago that they do not count any more. */
export function sweepSuspensions({
  suspensions,
  logger,
}: {
  suspensions: Suspensions
  logger: Logger
}): { stop: () => Promise<void> } {
  async function removeOld(): Promise<void> {
    const dayAgo = new Date(Date.now() - 24 * HOUR_MS)
    await suspensions.deleteMany({ until: { $lt: dayAgo } })
  }
  return repeat({ what: 'removing old suspensions', everyMs: HOUR_MS, logger, work: removeOld })
}

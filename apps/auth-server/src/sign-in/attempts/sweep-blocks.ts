import { repeat, type Logger } from 'service-kit'
import { COUNTS_FOR_MS } from './block-address.ts'
import type { Blocks } from './block.model.ts'

const HOUR_MS = 60 * 60 * 1000

/** Every hour, removes blocks that ended so long ago that they no longer count. */
export function sweepBlocks({ blocks, logger }: { blocks: Blocks; logger: Logger }): {
  stop: () => Promise<void>
} {
  async function removeOld(): Promise<void> {
    const longAgo = new Date(Date.now() - COUNTS_FOR_MS)
    await blocks.deleteMany({ until: { $lt: longAgo } })
  }
  return repeat({ what: 'removing old blocks', everyMs: HOUR_MS, logger, work: removeOld })
}

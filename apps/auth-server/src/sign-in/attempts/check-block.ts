import { withinMs } from 'service-kit'
import { addressBlocked } from '../../http/errors.ts'
import { readCopy, restoreCopy } from './block-copy.ts'
import type { BlockDeps } from './attempt-deps.ts'
import type { BlockRecord, Blocks } from './block.model.ts'

/** How long to wait for MongoDB. Other parts of a request that need it report its outage themselves. */
const PATIENCE_MS = 300

/**
 * Refuses a request from a blocked address. MongoDB decides, so that an emptied Redis lifts no block (F6);
 * while MongoDB is down, the copies in Redis decide.
 *
 * @throws Problem 429 `address_suspended`; AuthError 503 when Redis does not answer
 */
export async function checkBlock(
  deps: BlockDeps,
  address: string,
  now = new Date(),
): Promise<void> {
  const copy = await checkCopy(deps, address, now)
  if (copy !== undefined) return
  const found = await findInTime(deps, address)
  if (!found || found.until <= now) return
  await restoreCopy(deps, { address, until: found.until })
  throw addressBlocked(found.until, now)
}

/**
 * Checks the copy in Redis only, for an address that was checked before: a new block is written there
 * first.
 *
 * @throws Problem 429 `address_suspended`; AuthError 503 when Redis does not answer
 */
export async function checkCopy(
  deps: Pick<BlockDeps, 'redis' | 'keyPrefix'>,
  address: string,
  now = new Date(),
): ReturnType<typeof readCopy> {
  const copy = await readCopy(deps, address)
  if (copy instanceof Date && copy > now) throw addressBlocked(copy, now)
  return copy
}

async function findInTime(
  { blocks, logger }: BlockDeps,
  address: string,
): Promise<BlockRecord | null> {
  try {
    return await withinMs(PATIENCE_MS, () => findBlock(blocks, address))
  } catch (error) {
    logger.warn({ err: error }, 'blocked addresses are known from Redis only')
    return null
  }
}

/** The record of an address, whether its block is over or not. */
export async function findBlock(blocks: Blocks, address: string): Promise<BlockRecord | null> {
  return await blocks.findOne({ _id: address }).lean()
}

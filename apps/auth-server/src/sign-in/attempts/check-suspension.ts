import { withinMs } from 'service-kit'
import { addressSuspended } from '../../http/errors.ts'
import { readCopy, restoreCopy } from './suspension-copy.ts'
import type { SuspensionDeps } from './attempt-deps.ts'
import type { SuspensionRecord, Suspensions } from './suspension.model.ts'

/** How long MongoDB is waited for. Where more of a request needs it, that part says so itself. */
const PATIENCE_MS = 300

/**
 * Refuses a request whose address is suspended. MongoDB decides, so that an emptied Redis lifts
 * nothing (F6); while it is away the copies in Redis do.
 *
 * @throws Problem 429 `address_suspended`; AuthError 503 when Redis does not answer
 */
export async function checkSuspension(
  deps: SuspensionDeps,
  address: string,
  now = new Date(),
): Promise<void> {
  const copy = await checkCopy(deps, address, now)
  if (copy !== undefined) return
  const found = await findInTime(deps, address)
  if (!found || found.until <= now) return
  await restoreCopy(deps, { address, until: found.until })
  throw addressSuspended(found.until, now)
}

/**
 * The same by the copy in Redis alone, for an address that was looked at before: what is suspended
 * meanwhile is there first.
 *
 * @throws Problem 429 `address_suspended`; AuthError 503 when Redis does not answer
 */
export async function checkCopy(
  deps: Pick<SuspensionDeps, 'redis' | 'keyPrefix'>,
  address: string,
  now = new Date(),
): ReturnType<typeof readCopy> {
  const copy = await readCopy(deps, address)
  if (copy instanceof Date && copy > now) throw addressSuspended(copy, now)
  return copy
}

async function findInTime(
  { suspensions, logger }: SuspensionDeps,
  address: string,
): Promise<SuspensionRecord | null> {
  try {
    return await withinMs(PATIENCE_MS, () => findSuspension(suspensions, address))
  } catch (error) {
    logger.warn({ err: error }, 'suspended addresses are known from Redis alone')
    return null
  }
}

/** The record of an address, in force or over. */
export async function findSuspension(
  suspensions: Suspensions,
  address: string,
): Promise<SuspensionRecord | null> {
  return await suspensions.findOne({ _id: address }).lean()
}

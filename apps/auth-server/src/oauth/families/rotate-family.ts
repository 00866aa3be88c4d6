import { setTimeout as sleep } from 'node:timers/promises'
import { unavailable } from 'service-kit'
import { databaseTime } from './database-clock.ts'
import type { Family } from './family.model.ts'
import { findFamily } from './find-family.ts'
import { isUndelivered } from './undelivered-rotation.ts'
import { isLate, type RotationStores, writeRotation } from './write-rotation.ts'

type Rotation = { outcome: 'rotated'; family: Family } | { outcome: 'reuse'; family: Family }

type Deps = RotationStores & { leewayMs: number }

/**
 * Rotates a family from the refresh token with this number to the next, as one compare-and-set. Of many
 * requests with the same token, one rotates. The others get the same successor while they are within
 * the leeway, by the database's clock. Any token other than the current one is `reuse`.
 *
 * If nobody received the successor, because MongoDB delayed the write or went down after it, the next
 * request gets it, however late: an outage turns nobody into a thief.
 *
 * @returns undefined if the family is gone or revoked
 */
export async function rotateFamily(
  deps: Deps,
  { id, counter }: { id: string; counter: number },
): Promise<Rotation | undefined> {
  for (let tries = 0; tries < 5; tries += 1) {
    // One try is the rule. Each further one follows a concurrent change.
    // oxlint-disable-next-line no-await-in-loop
    const rotation = await tryToRotate(deps, { id, counter })
    if (rotation !== 'again') return rotation
    // oxlint-disable-next-line no-await-in-loop
    await sleep(10)
  }
  throw unavailable(new Error('a family changed during every attempt to rotate it'))
}

async function tryToRotate(
  { leewayMs, ...stores }: Deps,
  { id, counter }: { id: string; counter: number },
): Promise<Rotation | 'again' | undefined> {
  const now = await databaseTime(stores.families)
  const family = await findFamily(stores.families, id)
  if (!family || family.revokedAt) return undefined
  const isInTime = isWithin(leewayMs, family, now)
  const claim = await claimOf(stores, family, { counter, isInTime })
  if (claim === 'none') return { outcome: 'reuse', family }
  const rotated = claim === 'given' ? family : await write(stores, { family, counter, now })
  if (!rotated) return 'again'
  // MongoDB is slow, so another try would also be late. The next request gets this rotation.
  if (isLate(rotated)) throw unavailable(new Error('a rotation was written late'))
  return { outcome: 'rotated', family: rotated }
}

/**
 * What a token with this number may get. `write`: a new rotation, because nobody received a successor.
 * `given`: the successor that exists. `none`: nothing. An undelivered note counts only while its attempt
 * is the last one written.
 */
async function claimOf(
  stores: RotationStores,
  family: Family,
  { counter, isInTime }: { counter: number; isInTime: boolean },
): Promise<'write' | 'given' | 'none'> {
  if (family.counter === counter) return 'write'
  if (family.counter !== counter + 1) return 'none'
  if (isLate(family)) return 'write'
  if (isInTime) return 'given'
  const { attemptId } = family
  return attemptId !== null && (await isUndelivered(stores, attemptId)) ? 'write' : 'none'
}

function write(
  stores: RotationStores,
  { family, counter, now }: { family: Family; counter: number; now: Date },
): Promise<Family | null> {
  const unchanged = {
    _id: family.id,
    counter: family.counter,
    rotatedAt: family.rotatedAt,
    revokedAt: null,
  }
  const { expiresAt } = family
  return writeRotation(stores, { unchanged, counter: counter + 1, now, expiresAt })
}

/** `now` may be before `rotatedAt`, which gives a negative age, so a leeway of 0 is checked separately. */
function isWithin(leewayMs: number, { rotatedAt }: Family, now: Date): boolean {
  return leewayMs > 0 && rotatedAt !== null && now.getTime() - rotatedAt.getTime() < leewayMs
}

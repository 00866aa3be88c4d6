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
 * Moves a family on from the refresh token with that number to the next, as one compare-and-set. Of
 * many requests with the same token one rotates; those within the leeway, by the database's clock,
 * get the very same successor. Every other token but the present one is `reuse`.
 *
 * A rotation whose answer nobody was given, because MongoDB held up the write or went away after
 * it, goes to whoever asks next, however late: a stopped database makes no thief of anybody.
 *
 * @returns undefined if the family is gone or revoked
 */
export async function rotateFamily(
  deps: Deps,
  { id, counter }: { id: string; counter: number },
): Promise<Rotation | undefined> {
  for (let tries = 0; tries < 5; tries += 1) {
    // One try is the rule; each further one follows a change by somebody else.
    // oxlint-disable-next-line no-await-in-loop
    const rotation = await tryToRotate(deps, { id, counter })
    if (rotation !== 'again') return rotation
    // oxlint-disable-next-line no-await-in-loop
    await sleep(10)
  }
  throw unavailable(new Error('a family changed under every attempt to rotate it'))
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
  // Another try would be late, too, if MongoDB is that slow. The next request is given this one.
  if (isLate(rotated)) throw unavailable(new Error('a rotation was written late'))
  return { outcome: 'rotated', family: rotated }
}

/**
 * What a token with that number has a claim to: a successor that is to be written, because nobody
 * was given one; the one that was `given`; or none. A note is of one attempt: once another has written
 * the family, it means nothing any more.
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

/** `now` may be before `rotatedAt`, a negative age: so a leeway of 0 is looked at by itself. */
function isWithin(leewayMs: number, { rotatedAt }: Family, now: Date): boolean {
  return leewayMs > 0 && rotatedAt !== null && now.getTime() - rotatedAt.getTime() < leewayMs
}

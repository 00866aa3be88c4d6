import { setTimeout as sleep } from 'node:timers/promises'
import type { RedisClient } from 'auth-kit/session'
import { unavailable } from 'service-kit'
import { databaseTime } from './database-time.ts'
import { type Families, type Family, toFamily } from './family.model.ts'
import { findFamily } from './find-family.ts'
import { noteUnanswered, takeUnanswered } from './unanswered-rotation.ts'

/**
 * A rotation that was written this long after it was asked for was never answered: a request gives up
 * on the database before anybody could tell (`connectMongo`), and this module does not hand out one.
 */
const LATE_MS = 1000

type Rotation = { outcome: 'rotated'; family: Family } | { outcome: 'reuse'; family: Family }

type Stores = { families: Families; redis: RedisClient; keyPrefix: string }
type Deps = Stores & { leewayMs: number }

/**
 * Moves a family on from the refresh token with that number to the next, as one compare-and-set: of
 * many who show the same token one rotates, and those who come within the leeway, by the database's
 * clock, are given the very same successor. Every other token but the present one is `reuse`.
 *
 * A rotation whose answer nobody was given, because MongoDB held up the write or went away after it,
 * is handed out to who asks next, however late: a stopped database makes no thief of anybody.
 *
 * @returns undefined where the family is gone or revoked
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
  const { families } = stores
  const [now, family] = await Promise.all([databaseTime(families), findFamily(families, id)])
  if (!family || family.revokedAt) return undefined
  if (family.counter === counter) {
    const written = rotated(await writeRotation(stores, { family, now }))
    // An earlier try may have been noted: this one is answered.
    if (written !== 'again') await takeUnanswered(stores, family)
    return written
  }
  if (family.counter !== counter + 1) return { outcome: 'reuse', family }
  if (isWithin(leewayMs, family, now) && !isLate(family)) {
    // Answered now: the next one to come with that number gets nothing more.
    await takeUnanswered(stores, family)
    return { outcome: 'rotated', family }
  }
  const isUnanswered = isLate(family) || (await takeUnanswered(stores, family))
  if (isUnanswered) return rotated(await handOutAgain(stores, { family, now }))
  return { outcome: 'reuse', family }
}

function rotated(family: Family | null): Rotation | 'again' {
  return family && !isLate(family) ? { outcome: 'rotated', family } : 'again'
}

type Attempt = { family: Family; now: Date }

function writeRotation(stores: Stores, { family, now }: Attempt): Promise<Family | null> {
  return write(stores, { family, now, counter: family.counter + 1 })
}

/** The successor stays what it is; its leeway begins now. */
function handOutAgain(stores: Stores, { family, now }: Attempt): Promise<Family | null> {
  return write(stores, { family, now, counter: family.counter })
}

async function write(
  stores: Stores,
  { family, now, counter }: Attempt & { counter: number },
): Promise<Family | null> {
  const unchanged = {
    _id: family.id,
    counter: family.counter,
    rotatedAt: family.rotatedAt,
    revokedAt: null,
  }
  const change = { $set: { counter, attemptedAt: now }, $currentDate: { rotatedAt: true } } as const
  try {
    const written = stores.families.findOneAndUpdate(unchanged, change, { returnDocument: 'after' })
    const record = await written.lean()
    return record && toFamily(record)
  } catch (error) {
    await noteUnanswered(stores, { family, counter })
    throw error
  }
}

/** The time may be of a moment before the rotation that was read beside it: no leeway is none then. */
function isWithin(leewayMs: number, { rotatedAt }: Family, now: Date): boolean {
  return leewayMs > 0 && rotatedAt !== null && now.getTime() - rotatedAt.getTime() < leewayMs
}

function isLate({ attemptedAt, rotatedAt }: Family): boolean {
  if (attemptedAt === null || rotatedAt === null) return false
  return rotatedAt.getTime() - attemptedAt.getTime() > LATE_MS
}

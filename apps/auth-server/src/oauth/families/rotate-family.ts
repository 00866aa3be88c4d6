import { setTimeout as sleep } from 'node:timers/promises'
import type { RedisClient } from 'auth-kit/session'
import { unavailable } from 'service-kit'
import type { Model } from 'mongoose'
import { type Families, type Family, toFamily } from './family.model.ts'
import { findFamily } from './find-family.ts'
import { forgetUndelivered, isUndelivered, noteUndelivered } from './undelivered-rotation.ts'

/**
 * Nobody was given a rotation that was written this long after it was asked for. Either its request
 * had given up on MongoDB by then (`connectMongo`), or `tryToRotate` refused to hand it out.
 */
const LATE_MS = 1000

type Rotation = { outcome: 'rotated'; family: Family } | { outcome: 'reuse'; family: Family }

type Stores = { families: Families; redis: RedisClient; keyPrefix: string }
type Deps = Stores & { leewayMs: number }

/**
 * Moves a family on from the refresh token with that number to the next, as one compare-and-set. Of
 * many requests with the same token one rotates; those within the leeway, by the database's clock,
 * get the very same successor. Every other token but the present one is `reuse`.
 *
 * A rotation whose answer nobody was given, because MongoDB held up the write or went away after
 * it, goes to whoever asks next, however late: a stopped database makes no thief of anybody.
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
  const successor = { id, counter: counter + 1 }
  const [now, wasNoted] = await Promise.all([
    databaseTime(families),
    isUndelivered(stores, successor),
  ])
  // After the note: whoever hands a successor out moves its family on first, and then takes the
  // note away.
  const family = await findFamily(families, id)
  if (!family || family.revokedAt) return undefined
  const isInTime = isWithin(leewayMs, family, now)
  const claim = claimOf(family, { counter, wasNoted, isInTime })
  if (claim === 'none') return { outcome: 'reuse', family }
  const rotated = claim === 'given' ? family : await write(stores, { family, successor, now })
  if (!rotated) return 'again'
  // Another try would be late, too, where MongoDB is that slow. The next request is given this one.
  if (isLate(rotated)) throw unavailable(new Error('a rotation was written late'))
  if (wasNoted) await forgetUndelivered(stores, successor)
  return { outcome: 'rotated', family: rotated }
}

type Circumstances = { counter: number; wasNoted: boolean; isInTime: boolean }

/**
 * What a token with that number has a claim to: a successor that is to be written, because nobody
 * was given one; the one that was `given`; or none.
 */
function claimOf(
  family: Family,
  { counter, wasNoted, isInTime }: Circumstances,
): 'write' | 'given' | 'none' {
  if (family.counter === counter) return 'write'
  if (family.counter !== counter + 1) return 'none'
  if (isLate(family)) return 'write'
  if (isInTime) return 'given'
  return wasNoted ? 'write' : 'none'
}

type Attempt = { family: Family; successor: { id: string; counter: number }; now: Date }

/** Makes the successor the present token. Its leeway begins now, also where it was the present one. */
async function write(stores: Stores, { family, successor, now }: Attempt): Promise<Family | null> {
  const unchanged = {
    _id: family.id,
    counter: family.counter,
    rotatedAt: family.rotatedAt,
    revokedAt: null,
  }
  const change = {
    $set: { counter: successor.counter, attemptedAt: now },
    $currentDate: { rotatedAt: true },
  } as const
  try {
    const written = stores.families.findOneAndUpdate(unchanged, change, { returnDocument: 'after' })
    const record = await written.lean()
    return record && toFamily(record)
  } catch (error) {
    await noteUndelivered(stores, successor, family.expiresAt)
    throw error
  }
}

/** `now` may be before `rotatedAt`, a negative age: so a leeway of 0 is looked at by itself. */
function isWithin(leewayMs: number, { rotatedAt }: Family, now: Date): boolean {
  return leewayMs > 0 && rotatedAt !== null && now.getTime() - rotatedAt.getTime() < leewayMs
}

function isLate({ attemptedAt, rotatedAt }: Family): boolean {
  if (attemptedAt === null || rotatedAt === null) return false
  return rotatedAt.getTime() - attemptedAt.getTime() > LATE_MS
}

/** The time by the database's clock, which all servers share. */
async function databaseTime<Record>(model: Model<Record>): Promise<Date> {
  const answer = await model.db.db?.command({ hello: 1 })
  const time: unknown = answer?.localTime
  if (!(time instanceof Date)) throw new Error('MongoDB does not tell its time.')
  return time
}

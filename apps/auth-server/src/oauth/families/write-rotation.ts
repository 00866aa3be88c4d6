import { randomUUID } from 'node:crypto'
import type { RedisClient } from 'auth-kit/session'
import type { QueryFilter } from 'mongoose'
import { type Families, type Family, type FamilyRecord, toFamily } from './family.model.ts'
import { noteUndelivered } from './undelivered-rotation.ts'

/**
 * A rotation that was written this long after it was asked for was given to nobody. Either its request
 * had given up on MongoDB by then (`connectMongo`), or it was refused because of that.
 */
const LATE_MS = 1000

export type RotationStores = { families: Families; redis: RedisClient; keyPrefix: string }

/**
 * Makes the successor the present token, as one compare-and-set. Its leeway begins now, also if it was
 * the present one. What may have been written without an answer is noted.
 *
 * @param attempt.unchanged what the family must still be
 * @param attempt.counter the successor's number
 * @param attempt.now the database's time
 * @returns null if the family is another by now
 */
export async function writeRotation(
  stores: RotationStores,
  attempt: {
    unchanged: QueryFilter<FamilyRecord>
    counter: number
    now: Date
    expiresAt: Date
  },
): Promise<Family | null> {
  const attemptId = randomUUID()
  const change = {
    $set: { counter: attempt.counter, attemptedAt: attempt.now, attemptId },
    $currentDate: { rotatedAt: true },
  } as const
  try {
    const record = await stores.families
      .findOneAndUpdate(attempt.unchanged, change, { returnDocument: 'after' })
      .lean()
    return record && toFamily(record)
  } catch (error) {
    await noteUndelivered(stores, attemptId, attempt.expiresAt)
    throw error
  }
}

export function isLate({ attemptedAt, rotatedAt }: Family): boolean {
  if (attemptedAt === null || rotatedAt === null) return false
  return rotatedAt.getTime() - attemptedAt.getTime() > LATE_MS
}

import { randomUUID } from 'node:crypto'
import type { RedisClient } from 'auth-kit/session'
import type { QueryFilter } from 'mongoose'
import { type Families, type Family, type FamilyRecord, toFamily } from './family.model.ts'
import { noteUndelivered } from './undelivered-rotation.ts'

/**
 * Nobody receives a rotation that is written this long after its request. Either the request had already
 * given up on MongoDB (`connectMongo`), or it was refused for being late.
 */
const LATE_MS = 1000

export type RotationStores = { families: Families; redis: RedisClient; keyPrefix: string }

/**
 * Makes the successor the current token, as one compare-and-set. Its leeway begins now, even if it
 * already was the current one. A write that gets no answer is noted as undelivered.
 *
 * @param attempt.unchanged the filter that the family must still match
 * @param attempt.counter the successor's number
 * @param attempt.now the database's time
 * @returns null if the family has changed
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

/** Whether the last rotation was written too late for its request. */
export function isLate({ attemptedAt, rotatedAt }: Family): boolean {
  if (attemptedAt === null || rotatedAt === null) return false
  return rotatedAt.getTime() - attemptedAt.getTime() > LATE_MS
}

import { changedMeanwhile } from '../../http/errors.ts'
import { isDuplicate } from '../../storage/is-duplicate.ts'
import type { Factors, FactorStore } from './factors.model.ts'

/** More than one user's simultaneous requests. */
const TRIES = 20

const nothing: Factors = {
  revision: 0,
  totp: null,
  pendingTotp: null,
  passkeys: [],
  recoveryCodes: [],
}

/** A user's factors; all empty for a user without any. */
export async function readFactors(factors: FactorStore, userId: string): Promise<Factors> {
  const record = await factors.findOne({ _id: userId }).lean()
  if (!record) return nothing
  const { _id, ...found } = record
  return found
}

type Change = (now: Factors) => Promise<Partial<Factors>> | Partial<Factors>

/**
 * Changes a user's factors by compare-and-set: `change` receives the current ones and runs again if another
 * request was faster, so that a code used twice at once passes exactly once.
 *
 * @param change returns the fields to set; throws a Problem to refuse
 */
export async function changeFactors(
  factors: FactorStore,
  userId: string,
  change: Change,
): Promise<Factors> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    // oxlint-disable-next-line no-await-in-loop
    const now = await readFactors(factors, userId)
    // oxlint-disable-next-line no-await-in-loop
    const next = { ...now, ...(await change(now)), revision: now.revision + 1 }
    // oxlint-disable-next-line no-await-in-loop
    if (await replace(factors, userId, next)) return next
  }
  throw changedMeanwhile()
}

async function replace(factors: FactorStore, userId: string, next: Factors): Promise<boolean> {
  if (next.revision === 1) return await insert(factors, userId, next)
  const unchanged = { _id: userId, revision: next.revision - 1 }
  const { matchedCount } = await factors.updateOne(unchanged, { $set: next })
  return matchedCount === 1
}

async function insert(factors: FactorStore, userId: string, next: Factors): Promise<boolean> {
  try {
    await factors.create({ _id: userId, ...next })
    return true
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
}

/** Removes all factors of a user. @returns whether there were any */
export async function removeFactors(factors: FactorStore, userId: string): Promise<boolean> {
  const { deletedCount } = await factors.deleteOne({ _id: userId })
  return deletedCount === 1
}

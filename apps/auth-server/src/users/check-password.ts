import { compareImported, importedHash } from './hashing/imported-hash.ts'
import { foreignBcryptCost } from './hashing/imported-hash-problem.ts'
import { compareDigest, digestPassword, hashCost, hashPassword } from './hashing/hash-password.ts'
import { replaceHash } from './set-password.ts'
import type { User, Users } from './user.model.ts'

// Well-formed, but the hash of no password: comparing takes the usual work and never matches.
const nobodysHash = 'abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234'

/**
 * Whether this is the user's password. A wrong one takes the work of one hash at `cost`, whether or
 * not the user exists and whatever the cost of the stored hash (R9, C25). A right one whose hash is
 * cheaper than `cost` is rehashed (R8).
 */
export async function checkPassword(
  { users, cost }: { users: Users; cost: number },
  { user, password }: { user: User | null; password: string },
): Promise<boolean> {
  const foreign = user ? importedHash(user.passwordHash) : undefined
  if (user && foreign !== undefined)
    return checkForeign({ users, cost }, { user, password, hash: foreign })
  const digest = digestPassword(password)
  const storedCost = user ? hashCost(user.passwordHash) : undefined
  if (!user || storedCost === undefined) {
    await compareDigest(digest, dummyHash(cost))
    return false
  }
  if (!(await compareDigest(digest, user.passwordHash))) {
    await makeUp(digest, missingCosts(storedCost, cost))
    return false
  }
  if (storedCost < cost) await replaceHash(users, user, await hashPassword(password, cost))
  return true
}

/**
 * The same for an imported hash; a right password is always rehashed. A wrong one should take as
 * long as our own hash would. For bcrypt the missing work is added exactly. For other algorithms a
 * dummy comparison runs in parallel, so the slower of the two decides.
 */
async function checkForeign(
  { users, cost }: { users: Users; cost: number },
  { user, password, hash }: { user: User; password: string; hash: string },
): Promise<boolean> {
  const digest = digestPassword(password)
  const bcryptCost = foreignBcryptCost(hash)
  const beside = bcryptCost === undefined ? compareDigest(digest, dummyHash(cost)) : undefined
  const [isRight] = await Promise.all([compareImported(password, hash), beside])
  if (isRight) await replaceHash(users, user, await hashPassword(password, cost))
  else if (bcryptCost !== undefined) await makeUp(digest, missingCosts(bcryptCost, cost))
  return isRight
}

// One at a time, like the single comparison it stands in for.
async function makeUp(digest: string, costs: number[]): Promise<void> {
  for (const missing of costs)
    // oxlint-disable-next-line no-await-in-loop
    await compareDigest(digest, dummyHash(missing))
}

/** The costs whose work, added to that of `stored`, equals the work of `wanted`: 2^w = 2^s + Σ 2^i. */
export function missingCosts(stored: number, wanted: number): number[] {
  return Array.from({ length: Math.max(0, wanted - stored) }, (_, step) => stored + step)
}

function dummyHash(cost: number): string {
  return `$2b$${String(cost).padStart(2, '0')}$${nobodysHash}`
}

import { compareImported, importedHash } from './hashing/imported-hash.ts'
import { foreignBcryptCost } from './hashing/imported-hash-problem.ts'
import { compareDigest, digestPassword, hashCost, hashPassword } from './hashing/hash-password.ts'
import { replaceHash } from './set-password.ts'
import type { User, Users } from './user.model.ts'

// Well-formed and nobody's: comparing with it is work like any other, and never a match.
const nobodysHash = 'abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234'

/**
 * Whether that is the user's password. A wrong one takes the work of one hash at `cost`, whether or
 * not there is such a user and however old the hash is (R9, C25). A right one whose hash is cheaper
 * than `cost` is hashed anew (R8).
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
 * The same for a hash that another system made; a right password is hashed anew in any case. For a
 * wrong one the work of a hash of ours is made up as well as it can be: exactly for bcrypt; for the
 * others it runs beside, so that the longer of the two is what takes time.
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

// One after the other, as the work it stands for.
async function makeUp(digest: string, costs: number[]): Promise<void> {
  for (const missing of costs)
    // oxlint-disable-next-line no-await-in-loop
    await compareDigest(digest, dummyHash(missing))
}

/** The costs that add up to what a hash of `stored` is cheaper than one of `wanted`: 2^w = 2^s + Σ 2^i. */
export function missingCosts(stored: number, wanted: number): number[] {
  return Array.from({ length: Math.max(0, wanted - stored) }, (_, step) => stored + step)
}

function dummyHash(cost: number): string {
  return `$2b$${String(cost).padStart(2, '0')}$${nobodysHash}`
}

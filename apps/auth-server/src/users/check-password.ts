import { compareDigest, digestPassword, hashCost, hashPassword } from './hash-password.ts'
import { replaceHash } from './replace-hash.ts'
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
  const digest = digestPassword(password)
  const storedCost = user ? hashCost(user.passwordHash) : undefined
  if (!user || storedCost === undefined) {
    await compareDigest(digest, dummyHash(cost))
    return false
  }
  if (!(await compareDigest(digest, user.passwordHash))) {
    for (const missing of missingCosts(storedCost, cost))
      // One after the other, as the work it stands for.
      // oxlint-disable-next-line no-await-in-loop
      await compareDigest(digest, dummyHash(missing))
    return false
  }
  if (storedCost < cost) await replaceHash(users, user, await hashPassword(password, cost))
  return true
}

/** The costs that add up to what a hash of `stored` is cheaper than one of `wanted`: 2^w = 2^s + Σ 2^i. */
export function missingCosts(stored: number, wanted: number): number[] {
  return Array.from({ length: Math.max(0, wanted - stored) }, (_, step) => stored + step)
}

function dummyHash(cost: number): string {
  return `$2b$${String(cost).padStart(2, '0')}$${nobodysHash}`
}

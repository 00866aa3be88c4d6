import { createHash } from 'node:crypto'
import bcrypt from 'bcrypt'
import { limitHashing } from './limit-hashing.ts'

/** Stored in place of a hash if there is no password; the user signs in after a reset by e-mail. */
export const noPassword = 'none'

/**
 * The password as bcrypt receives it: SHA-384 of its NFKC form in base64. These are 64 characters
 * without a NUL, so that bcrypt does not cut it short (R2, C23).
 */
export function digestPassword(password: string): string {
  return createHash('sha384').update(password.normalize('NFKC')).digest('base64')
}

/** A bcrypt hash of the password. Each step of `cost` doubles the work. */
export async function hashPassword(password: string, cost: number): Promise<string> {
  return limitHashing(() => bcrypt.hash(digestPassword(password), cost))
}

/** Whether a hash was made from this digest. */
export function compareDigest(digest: string, hash: string): Promise<boolean> {
  return limitHashing(() => bcrypt.compare(digest, hash))
}

/** The cost of a stored hash; undefined for an imported one. */
export function hashCost(hash: string): number | undefined {
  const cost = /^\$2[ab]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(hash)?.[1]
  return cost === undefined ? undefined : Number(cost)
}

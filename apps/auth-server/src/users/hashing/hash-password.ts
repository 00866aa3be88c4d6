import { createHash } from 'node:crypto'
import bcrypt from 'bcrypt'
import { limitHashing } from './limit-hashing.ts'

/** Stored instead of a hash if there is no password: only a reset by e-mail lets the user in. */
export const noPassword = 'none'

/**
 * The password as bcrypt gets it: SHA-384 of its NFKC form in base64, 64 characters without NUL, so
 * that neither bcrypt's 72 bytes nor a NUL cut it short (R2, C23).
 */
export function digestPassword(password: string): string {
  return createHash('sha384').update(password.normalize('NFKC')).digest('base64')
}

/** A bcrypt hash of the password, whose work doubles with each step of `cost`. */
export async function hashPassword(password: string, cost: number): Promise<string> {
  return limitHashing(() => bcrypt.hash(digestPassword(password), cost))
}

/** Whether a digest is that of a hash. */
export function compareDigest(digest: string, hash: string): Promise<boolean> {
  return limitHashing(() => bcrypt.compare(digest, hash))
}

/** The cost of a stored hash; undefined for an imported one. */
export function hashCost(hash: string): number | undefined {
  const cost = /^\$2[ab]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(hash)?.[1]
  return cost === undefined ? undefined : Number(cost)
}

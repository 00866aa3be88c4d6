import { z } from 'zod'
import { importedHashProblem } from '../../users/hashing/imported-hash-problem.ts'
import { importedHash, storedImportedHash } from '../../users/hashing/imported-hash.ts'
import { hashCost, noPassword } from '../../users/hashing/hash-password.ts'
import { emailInput, roleInput, usernameInput } from '../../users/user-input.ts'
import type { User } from '../../users/user.model.ts'

// Our own hashes are bcrypt over a digest, so outside of this system they need a mark.
const ownMark = 'sha384:'

const moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text))

const hash = z.string().transform((given, context) => {
  const own = given.startsWith(ownMark) ? given.slice(ownMark.length) : undefined
  const stored = own === undefined ? storedImportedHash(given) : ownHash(own)
  if (stored !== undefined) return stored
  const problem = own === undefined ? importedHashProblem(given) : importedHashProblem(own)
  context.addIssue(problem ?? 'This must be a bcrypt, Argon2 or scrypt hash.')
  return z.NEVER
})

/** A line of an import file; parses to the fields that are stored. */
export const userLine = z.strictObject({
  username: usernameInput,
  email: emailInput,
  passwordHash: hash
    .nullable()
    .default(null)
    .transform((stored) => stored ?? noPassword),
  roles: z.array(roleInput).default([]),
  verifiedAt: moment.nullable().default(null),
  suspendedAt: moment.nullable().default(null),
  createdAt: moment.optional(),
})

export type UserLine = z.output<typeof userLine>

/** A user as a line that `userLine` parses. */
export function lineOf(user: User, { withHash }: { withHash: boolean }) {
  const { username, email, roles, verifiedAt, suspendedAt, createdAt, passwordHash } = user
  const line = { username, email, roles, verifiedAt, suspendedAt, createdAt }
  return withHash ? { ...line, passwordHash: exported(passwordHash) } : line
}

function ownHash(hash: string): string | undefined {
  const cost = hashCost(hash)
  return cost !== undefined && cost <= 15 ? hash : undefined
}

function exported(stored: string): string | null {
  if (stored === noPassword) return null
  return importedHash(stored) ?? ownMark + stored
}

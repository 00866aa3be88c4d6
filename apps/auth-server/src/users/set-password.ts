import { invalidPassword, passwordChangedMeanwhile } from '../http/errors.ts'
import { hashPassword } from './hashing/hash-password.ts'
import { type PasswordConfig, passwordProblems } from './password-rules.ts'
import { type Alongside, replaceHash } from './replace-hash.ts'
import type { User, Users } from './user.model.ts'

/**
 * Gives a user another password. Sessions are the caller's business. The same write forgets a
 * change of address that waits: whoever asked for it knew the old password, and may be why it
 * changes.
 *
 * @param change.field the name of the form's field, for the message
 * @param change.alongside what is written in the same moment
 * @returns the hash that is stored now
 * @throws Problem 400 `invalid_input` where a rule is broken; 409 `password_changed_meanwhile` where
 *   another change came first
 */
export async function setPassword(
  { users, config }: { users: Users; config: PasswordConfig },
  change: { user: User; password: string; field?: string; alongside?: Alongside },
): Promise<string> {
  const { user, password, field = 'password', alongside } = change
  const problems = passwordProblems(config, { ...user, password })
  if (problems.length > 0) throw invalidPassword(field, problems)
  const hash = await hashPassword(password, config.bcryptCost)
  const set = { ...alongside?.set, pendingEmail: null }
  if (!(await replaceHash(users, user, hash, { ...alongside, set })))
    throw passwordChangedMeanwhile()
  return hash
}

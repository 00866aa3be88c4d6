import { Types } from 'mongoose'
import { invalidPassword, passwordChangedMeanwhile } from '../http/errors.ts'
import { hashPassword } from './hashing/hash-password.ts'
import { type PasswordConfig, passwordProblems } from './password-rules.ts'
import type { User, UserRecord, Users } from './user.model.ts'
import type { OutboxEntry } from '../mail/mail-entry.ts'

/**
 * Sets a user's password; ending sessions is up to the caller. The same write drops a pending change
 * of address: it may have been requested by someone who knows the old password.
 *
 * @param change.field name of the form field that an error refers to
 * @param change.alongside what else the same write changes
 * @param change.checkLast runs right before the write; throws if the change is no longer allowed
 * @returns the stored fields
 * @throws Problem 400 `invalid_input` if a rule is broken; 409 `password_changed_meanwhile` if
 *   another change came first
 */
export async function setPassword(
  { users, config }: { users: Users; config: PasswordConfig },
  change: {
    user: User
    password: string
    field?: string
    alongside?: Alongside
    checkLast?: () => Promise<void>
  },
): Promise<Pick<User, 'passwordHash' | 'passwordSetAt'>> {
  const { user, password, field = 'password', alongside, checkLast } = change
  const problems = passwordProblems(config, { ...user, password })
  if (problems.length > 0) throw invalidPassword(field, problems)
  const hash = await hashPassword(password, config.bcryptCost)
  await checkLast?.()
  const passwordSetAt = new Date()
  const set = { ...alongside?.set, pendingEmail: null, passwordSetAt }
  if (!(await replaceHash(users, user, hash, { ...alongside, set })))
    throw passwordChangedMeanwhile()
  return { passwordHash: hash, passwordSetAt }
}

/** Further changes in the same write, and an e-mail for the outbox. */
type Alongside = { set?: Partial<UserRecord>; mail?: OutboxEntry }

/**
 * Replaces a hash by compare-and-set. Writes nothing if the password or the address has changed since
 * the user was read, or if the account is being deleted.
 *
 * @returns whether the hash was replaced
 */
export async function replaceHash(
  users: Users,
  { id, passwordHash, emailKey }: Pick<User, 'id' | 'passwordHash' | 'emailKey'>,
  newHash: string,
  { set, mail }: Alongside = {},
): Promise<boolean> {
  const stillTheSame = {
    _id: new Types.ObjectId(id),
    passwordHash: { $eq: passwordHash },
    emailKey: { $eq: emailKey },
    deletingAt: null,
  }
  const { matchedCount } = await users.updateOne(stillTheSame, {
    $set: { ...set, passwordHash: newHash },
    ...(mail && { $push: { outbox: mail } }),
  })
  return matchedCount === 1
}

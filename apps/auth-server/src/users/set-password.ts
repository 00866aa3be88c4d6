import { Types } from 'mongoose'
import { invalidPassword, passwordChangedMeanwhile } from '../http/errors.ts'
import { hashPassword } from './hashing/hash-password.ts'
import { type PasswordConfig, passwordProblems } from './password-rules.ts'
import type { User, UserRecord, Users } from './user.model.ts'
import type { OutboxEntry } from '../mail/mail-entry.ts'

/**
 * Gives a user another password. Sessions are the caller's business. The same write forgets a
 * change of address that waits: whoever asked for it knew the old password, and may be why it
 * changes.
 *
 * @param change.field the name of the form's field, for the message
 * @param change.alongside what is written in the same moment
 * @param change.checkLast refuses, by throwing, what was allowed until the hash was made
 * @returns what is stored now
 * @throws Problem 400 `invalid_input` if a rule is broken; 409 `password_changed_meanwhile` where
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

/** What else is true from that very moment on. */
type Alongside = { set?: Partial<UserRecord>; mail?: OutboxEntry }

/**
 * Puts a hash in the place of the one that was read, by compare-and-set: a password or an address
 * changed in the meantime stays, and so does an account that is being deleted.
 *
 * @returns whether it was put there
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

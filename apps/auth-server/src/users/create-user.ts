import { Types } from 'mongoose'
import { invalidInput, Problem, validate } from 'service-kit'
import { z } from 'zod'
import { emailTaken, inviteUsedOrExpired, usernameTaken } from '../http/errors.ts'
import type { OutboxEntry } from '../mail/mail-entry.ts'
import { isDuplicate } from '../storage/is-duplicate.ts'
import { hashPassword } from './hashing/hash-password.ts'
import { normalizeIdentity } from './normalize-identity.ts'
import { type PasswordConfig, passwordProblems } from './password-rules.ts'
import { emailInput, usernameInput } from './user-input.ts'
import { toUser, type User, type UserRecord, type Users } from './user.model.ts'

export type NewUser = {
  /** Given if the caller must know the id beforehand; otherwise a new one. */
  id?: string
  username: string
  email: string
  password: string
  roles: string[]
  verifiedAt: Date | null
  /** The id of the invite that this uses up. */
  invite?: string
  /** The e-mails it causes. */
  outbox?: OutboxEntry[]
}

const names = z.object({ username: usernameInput, email: emailInput })

/**
 * Creates a user, in one write with the invite it uses and the e-mails it causes.
 *
 * @throws Problem 400 `invalid_input` with every field's problems; 409 `username_taken`, 410
 *   `invite_used_or_expired` or 409 `email_taken`, whichever applies first
 */
export async function createUser(
  { users, config }: { users: Users; config: PasswordConfig },
  { password, ...given }: NewUser,
): Promise<User> {
  const names = checkNewUser(config, { ...given, password })
  const passwordHash = await hashPassword(password, config.bcryptCost)
  return insertUser(users, { ...given, ...names, passwordHash })
}

/**
 * Stores a user whose names were checked and whose password is hashed.
 *
 * @throws Problem 409 `username_taken`, 410 `invite_used_or_expired` or 409 `email_taken`
 */
export async function insertUser(
  users: Users,
  {
    id: givenId,
    username,
    email,
    invite,
    outbox = [],
    ...given
  }: Omit<NewUser, 'password'> & Pick<User, 'passwordHash'>,
): Promise<User> {
  const id = new Types.ObjectId(givenId)
  const usernameKey = normalizeIdentity(username)
  const record = {
    ...given,
    _id: id,
    username,
    usernameKey,
    email,
    emailKey: normalizeIdentity(email),
    createdAt: new Date(),
    invite: invite ?? `none:${id.toHexString()}`,
    claimed: invite === undefined ? [] : [{ invite, name: usernameKey }],
    outbox,
  }
  try {
    return toUser((await users.create(record)).toObject())
  } catch (error) {
    throw isDuplicate(error) ? await takenProblem(users, record, error) : error
  }
}

/**
 * Checks the names and the password of a new user.
 *
 * @returns the names as they are stored
 * @throws Problem 400 `invalid_input` with every field's problems
 */
export function checkNewUser(
  config: PasswordConfig,
  given: Pick<NewUser, 'username' | 'email' | 'password'>,
) {
  const passwordFields = passwordProblems(config, given).map((message) => ({
    field: 'password',
    message,
  }))
  try {
    const checked = validate(names, given)
    if (passwordFields.length === 0) return checked
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    throw invalidInput([...error.fields, ...passwordFields])
  }
  throw invalidInput(passwordFields)
}

async function takenProblem(
  users: Users,
  { usernameKey, invite }: Pick<UserRecord, 'usernameKey' | 'invite'>,
  cause: unknown,
): Promise<Problem> {
  if (await users.exists({ usernameKey: { $eq: usernameKey } })) return usernameTaken(cause)
  if (await users.exists({ invite: { $eq: invite } })) return inviteUsedOrExpired(cause)
  return emailTaken(cause)
}

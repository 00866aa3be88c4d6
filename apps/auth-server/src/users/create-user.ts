import { type FieldProblem, Problem, validate } from 'service-kit'
import { z } from 'zod'
import { hashPassword } from './hash-password.ts'
import { normalizeIdentity } from './normalize-identity.ts'
import { type PasswordConfig, passwordProblems } from './password-rules.ts'
import { emailInput, usernameInput } from './user-input.ts'
import { toUser, type User, type UserRecord, type Users } from './user.model.ts'

export type NewUser = {
  username: string
  email: string
  password: string
  roles: string[]
  verifiedAt: Date | null
}

const names = z.object({ username: usernameInput, email: emailInput })
const duplicateKey = 11_000

/**
 * Creates a user.
 *
 * @throws Problem 400 `invalid_input` with every field's problems; 409 `username_taken`, or else
 *   `email_taken`
 */
export async function createUser(
  { users, config }: { users: Users; config: PasswordConfig },
  { password, roles, verifiedAt, ...given }: NewUser,
): Promise<User> {
  const { username, email } = checkNewUser(config, { ...given, password })
  const keys = { usernameKey: normalizeIdentity(username), emailKey: normalizeIdentity(email) }
  const passwordHash = await hashPassword(password, config.bcryptCost)
  const moments = { verifiedAt, suspendedAt: null, createdAt: new Date() }
  try {
    const user = { username, email, ...keys, passwordHash, roles, ...moments }
    return toUser((await users.create(user)).toObject())
  } catch (error) {
    throw isDuplicate(error) ? await takenProblem(users, keys, error) : error
  }
}

function checkNewUser(
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
    throw invalidUser([...error.fields, ...passwordFields])
  }
  throw invalidUser(passwordFields)
}

function invalidUser(fields: FieldProblem[]): Problem {
  const detail = 'Please check what you entered.'
  return new Problem({ status: 400, code: 'invalid_input', detail, fields })
}

// By the code alone: not every server says which key it was.
function isDuplicate(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === duplicateKey
}

async function takenProblem(
  users: Users,
  { usernameKey }: Pick<UserRecord, 'usernameKey'>,
  cause: unknown,
): Promise<Problem> {
  const byName = await users.exists({ usernameKey: { $eq: usernameKey } })
  const code = byName ? 'username_taken' : 'email_taken'
  const detail = byName
    ? 'This user name is taken. Please choose another one.'
    : 'There is an account with this e-mail address already.'
  return new Problem({ status: 409, code, detail, cause })
}

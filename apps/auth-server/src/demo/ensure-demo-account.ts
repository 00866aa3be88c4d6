import { Types } from 'mongoose'
import { Problem } from 'service-kit'
import { checkPassword } from '../users/check-password.ts'
import { createUser, type NewUser } from '../users/create-user.ts'
import { findUserByLogin } from '../users/find-user.ts'
import type { PasswordConfig } from '../users/password-rules.ts'
import { setPassword } from '../users/set-password.ts'
import type { User, Users } from '../users/user.model.ts'

type Deps = { users: Users; config: PasswordConfig }

/** Makes sure that this account exists, is confirmed and not suspended, and has this password. */
export async function ensureDemoAccount(
  deps: Deps,
  account: Omit<NewUser, 'verifiedAt'>,
): Promise<void> {
  const existing = await findUserByLogin(deps.users, account.username)
  if (existing) await restore(deps, existing, account)
  else await createOrMeet(deps, account)
}

async function createOrMeet(deps: Deps, account: Omit<NewUser, 'verifiedAt'>): Promise<void> {
  try {
    await createUser(deps, { ...account, verifiedAt: new Date() })
  } catch (error) {
    // Another start was a moment faster, with the same file.
    if (!(error instanceof Problem) || error.code !== 'username_taken') throw error
  }
}

async function restore(
  deps: Deps,
  user: User,
  { password, roles }: Pick<NewUser, 'password' | 'roles'>,
): Promise<void> {
  const { users, config } = deps
  const verifiedAt = user.verifiedAt ?? new Date()
  const state = { $set: { roles, verifiedAt, suspendedAt: null } }
  await users.updateOne({ _id: new Types.ObjectId(user.id) }, state)
  const isSame = await checkPassword({ users, cost: config.bcryptCost }, { user, password })
  if (!isSame) await setPassword(deps, { user, password })
}

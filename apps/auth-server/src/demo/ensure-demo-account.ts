import { Types } from 'mongoose'
import { Problem } from 'service-kit'
import { checkPassword } from '../users/check-password.ts'
import { createUser, type NewUser } from '../users/create-user.ts'
import { findUserById } from '../users/find-user.ts'
import type { PasswordConfig } from '../users/password-rules.ts'
import { setPassword } from '../users/set-password.ts'
import type { User, Users } from '../users/user.model.ts'

type Deps = { users: Users; config: PasswordConfig }
type DemoAccount = Omit<NewUser, 'verifiedAt'> & { id: string }

/**
 * Ensures that this account exists, is confirmed and not suspended, and has this password. It is
 * recognised by its id, so somebody else's account with the same name stays as it is.
 *
 * @returns false if its name or address belongs to another account
 */
export async function ensureDemoAccount(deps: Deps, account: DemoAccount): Promise<boolean> {
  const existing = await findUserById(deps.users, account.id)
  if (!existing) return createOrFind(deps, account)
  await restore(deps, existing, account)
  return true
}

async function createOrFind(deps: Deps, account: DemoAccount): Promise<boolean> {
  try {
    await createUser(deps, { ...account, verifiedAt: new Date() })
    return true
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 409) throw error
    // Another start with the same file may have been faster.
    return (await findUserById(deps.users, account.id)) !== null
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

import { checkPassword } from '../check-password.ts'
import { findUserById, findUserByLogin } from '../find-user.ts'
import type { User, Users } from '../user.model.ts'
import type { DirectoryUser, UserDirectory } from '../user-directory.ts'

/**
 * The users of this server's own database.
 *
 * @param deps.cost a right password whose hash is cheaper than this one is hashed anew (R8)
 */
export function mongoUserDirectory(deps: { users: Users; cost: number }): UserDirectory {
  const { users } = deps
  return {
    findByLogin: async (login) => directoryUser(await findUserByLogin(users, login)),
    findById: async (id) => directoryUser(await findUserById(users, id)),
    async checkPassword({ login, password }) {
      const user = await findUserByLogin(users, login)
      return (await checkPassword(deps, { user, password })) ? directoryUser(user) : null
    },
  }
}

// Field by field, never a hash (R42).
function directoryUser(user: User | null): DirectoryUser | null {
  if (!user) return null
  const { id, username, email, roles, verifiedAt, suspendedAt, deletingAt } = user
  return { id, username, email, roles, verifiedAt, suspendedAt, deletingAt }
}

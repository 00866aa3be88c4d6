import { checkPassword } from '../check-password.ts'
import { findUserById, findUserByLogin } from '../find-user.ts'
import type { User, Users } from '../user.model.ts'
import { directoryUser, type UserDirectory } from '../user-directory.ts'

/**
 * The users of this server's own database.
 *
 * @param deps.cost bcrypt cost; a right password whose hash is cheaper is rehashed (R8)
 */
export function mongoUserDirectory(deps: { users: Users; cost: number }): UserDirectory {
  const { users } = deps
  return {
    findByLogin: async (login) => asDirectoryUser(await findUserByLogin(users, login)),
    findById: async (id) => asDirectoryUser(await findUserById(users, id)),
    async checkPassword({ login, password }) {
      const user = await findUserByLogin(users, login)
      return (await checkPassword(deps, { user, password })) ? asDirectoryUser(user) : null
    },
  }
}

const asDirectoryUser = (user: User | null) => (user ? directoryUser.parse(user) : null)

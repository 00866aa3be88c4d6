import { unavailable } from 'service-kit'
import { openUserService, type UserService } from './open-user-service.ts'
import type { UserDirectory } from '../user-directory.ts'

/** The users of a user service: docs/user-directory.md says what it has to answer. */
export function httpUserDirectory(service: UserService): UserDirectory {
  const ask = openUserService(service)
  return {
    findByLogin: (login) => ask('find-by-login', { login }),
    async findById(id) {
      const user = await ask('find-by-id', { id })
      // Whatever mixed the answers up: tokens and sessions must never pass to somebody else.
      if (user && user.id !== id)
        throw unavailable(new Error('The user service answered about another user.'))
      return user
    },
    checkPassword: (credentials) => ask('check-password', credentials),
  }
}

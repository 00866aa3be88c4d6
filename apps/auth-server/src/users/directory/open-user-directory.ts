import type { Config } from '../../config/config.ts'
import type { Users } from '../user.model.ts'
import { httpUserDirectory } from './http-user-directory.ts'
import { mongoUserDirectory } from './mongo-user-directory.ts'
import type { UserDirectory } from '../user-directory.ts'

/** The user service if USER_DIRECTORY_URL is set, otherwise the users of this database. */
export function openUserDirectory(deps: {
  config: Pick<Config, 'userService' | 'bcryptCost'>
  users: Users
}): UserDirectory {
  const { config, users } = deps
  return config.userService
    ? httpUserDirectory(config.userService)
    : mongoUserDirectory({ users, cost: config.bcryptCost })
}

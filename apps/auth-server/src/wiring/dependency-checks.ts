import type { Checks } from 'service-kit'
import type { Config } from '../config/config.ts'
import type { UserDirectory } from '../users/user-directory.ts'
import type { MongoConnection } from '../storage/connect-mongo.ts'

/** Checks of the dependencies that must answer for this server to be ready, by name. */
export function dependencyChecks({
  config,
  redis,
  mongo,
  directory,
}: {
  config: Pick<Config, 'userService'>
  redis: { ping: () => Promise<unknown> }
  mongo: MongoConnection
  directory: UserDirectory
}): Checks {
  return {
    redis: () => redis.ping(),
    mongo: () => mongo.db.command({ ping: 1 }),
    // Any login will do: it only matters that the service answers.
    ...(config.userService && { users: () => directory.findByLogin('readyz') }),
  }
}

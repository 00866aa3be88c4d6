import type { RedisClient, SessionStore } from 'auth-kit/session'
import type passport from 'passport'
import type { Config } from './config.ts'
import type { Site } from './http/render-page.ts'
import type { Users } from './users/user.model.ts'

/** What the features' routes are built from. */
export type RouteDeps = {
  config: Config
  site: Site
  users: Users
  redis: RedisClient
  /** In front of every key in Redis; sessions come after it: `<keyPrefix>sess:<id>`. */
  keyPrefix: string
  store: SessionStore
  passport: passport.Authenticator<unknown>
}

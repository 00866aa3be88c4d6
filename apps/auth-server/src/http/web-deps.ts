import type { RedisClient } from 'auth-kit/session'
import type { Logger } from 'service-kit'
import type { Config } from '../config/config.ts'
import type { Site } from './pages/render-page.ts'

/** The dependencies that any route may use. Each wing above adds its own fields. */
export type WebDeps = {
  config: Config
  site: Site
  redis: RedisClient
  /** The prefix of every key in Redis, sessions included: `<keyPrefix>sess:<id>`. */
  keyPrefix: string
  logger: Logger
}

import type { RedisClient } from 'auth-kit/session'
import type { Logger } from 'service-kit'
import type { Config } from '../config/config.ts'
import type { Site } from './pages/render-page.ts'

/** What every route may need of the running server. Each wing above adds its own fields to it. */
export type WebDeps = {
  config: Config
  site: Site
  redis: RedisClient
  /** In front of every key in Redis; sessions come after it: `<keyPrefix>sess:<id>`. */
  keyPrefix: string
  logger: Logger
}

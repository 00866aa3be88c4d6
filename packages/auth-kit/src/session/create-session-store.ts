import type { RedisClient } from '../redis/ask-redis.ts'
import { redisSessionCache } from '../redis/redis-session-cache.ts'
import { redisUserIndex } from '../redis/redis-user-index.ts'
import { SessionStore } from './session-store.ts'

const DAY_MS = 86_400_000

export type SessionStoreOptions = {
  redis: RedisClient
  /** In front of a session's id; every server that shares the sessions has the same. `sess:` */
  prefix?: string | undefined
  /** Days after which a session that is not used ends: 14. */
  idleDays?: number | undefined
  /** Days after which any session ends: 90. */
  absoluteDays?: number | undefined
}

/** The session store over Redis. */
export function createSessionStore(options: SessionStoreOptions): SessionStore {
  const { redis, prefix = 'sess:', idleDays = 14, absoluteDays = 90 } = options
  return new SessionStore({
    cache: redisSessionCache({ redis, prefix }),
    index: redisUserIndex({ redis, prefix }),
    limits: { idleMs: idleDays * DAY_MS, absoluteMs: absoluteDays * DAY_MS },
  })
}

import type { RedisClient } from '../redis/ask-redis.ts'
import { redisSessionCache } from '../redis/redis-session-cache.ts'
import { redisUserIndex } from '../redis/redis-user-index.ts'
import { SessionStore } from './session-store.ts'
import { usualDays } from './usual-days.ts'

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
  const {
    redis,
    prefix = 'sess:',
    idleDays = usualDays.idle,
    absoluteDays = usualDays.absolute,
  } = options
  checkKeys(redis, prefix)
  return new SessionStore({
    cache: redisSessionCache({ redis, prefix }),
    index: redisUserIndex({ redis, prefix }),
    limits: { idleMs: toMs({ idleDays }), absoluteMs: toMs({ absoluteDays }) },
  })
}

/** Whole milliseconds: Redis takes no fractions. */
function toMs(option: Record<string, number>): number {
  const [[name, days] = ['', 0]] = Object.entries(option)
  if (!(days > 0 && days < Number.POSITIVE_INFINITY)) {
    throw new TypeError(`${name} must be a number of days, more than 0`)
  }
  return Math.ceil(days * DAY_MS)
}

function checkKeys(redis: RedisClient, prefix: string): void {
  if (/[{}]/.test(prefix))
    throw new TypeError('prefix: braces choose a Cluster slot, see ended:{…}')
  // Redis's SCAN does not know it, so that "end all sessions" would miss some.
  if (redis.options.keyPrefix)
    throw new TypeError('prefix takes the place of the client’s keyPrefix')
}

import type { RedisSessionOptions } from '../redis/check-keys.ts'
import { redisSessionCache } from '../redis/redis-session-cache.ts'
import { redisUserIndex } from '../redis/redis-user-index.ts'
import { SessionStore } from './session-store.ts'
import { usualDays } from './usual-days.ts'

const DAY_MS = 86_400_000

export type SessionStoreOptions = RedisSessionOptions & {
  /** Days after which a session that is not used ends: 14. */
  idleDays?: number | undefined
  /** Days after which any session ends: 90. */
  absoluteDays?: number | undefined
}

/**
 * The session store over Redis: `SessionStore` with `redisSessionCache` and `redisUserIndex`.
 *
 * @example
 * const store = createSessionStore({ redis: openRedis(url, onError) })
 * await store.endSessions(user.id)
 *
 * @throws TypeError at once, when an option is wrong
 */
export function createSessionStore(options: SessionStoreOptions): SessionStore {
  const { idleDays = usualDays.idle, absoluteDays = usualDays.absolute } = options
  return new SessionStore({
    cache: redisSessionCache(options),
    index: redisUserIndex(options),
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

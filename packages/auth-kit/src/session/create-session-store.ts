import { coherentSessions, type CoherentOptions } from '../redis/coherent-sessions.ts'
import { redisSessionCache } from '../redis/redis-session-cache.ts'
import { redisUserIndex } from '../redis/redis-user-index.ts'
import { SessionStore } from './session-store.ts'
import { DEFAULT_VISITOR_HOURS, defaultDays } from './session-defaults.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

export type SessionStoreOptions = CoherentOptions & {
  /** Cache hot sessions in memory, if Redis reports changes. `true` */
  cache?: boolean | undefined
  /** Days after which an unused session ends. `14` */
  idleDays?: number | undefined
  /** Days after which any session ends. `90` */
  absoluteDays?: number | undefined
  /** Hours after which an unused session without a user ends, at most `idleDays`. `2` */
  visitorHours?: number | undefined
  /**
   * Fields that a session keeps when a visitor signs in or the same user signs in again, by `req.logIn`
   * for instance: none. They are as they were stored when the old session ended.
   */
  keepOnSignIn?: readonly string[] | undefined
}

/**
 * The session store on Redis: a `SessionStore` over `coherentSessions`, or with `cache: false` over
 * `redisSessionCache` and `redisUserIndex`.
 *
 * @example
 * const store = createSessionStore({ redis: openRedis(url, onError) })
 * await store.endSessions(user.id)
 *
 * @throws TypeError immediately, if an option is invalid
 */
export function createSessionStore(options: SessionStoreOptions): SessionStore {
  const { idleDays = defaultDays.idle, absoluteDays = defaultDays.absolute, cache = true } = options
  const { visitorHours = DEFAULT_VISITOR_HOURS } = options
  const idleMs = toMs({ idleDays }, DAY_MS)
  return new SessionStore({
    ...(cache ? coherentSessions(options) : sessionsInRedis(options)),
    keepOnSignIn: options.keepOnSignIn,
    limits: {
      idleMs,
      absoluteMs: toMs({ absoluteDays }, DAY_MS),
      visitorMs: Math.min(idleMs, toMs({ visitorHours }, HOUR_MS)),
    },
  })
}

const sessionsInRedis = (options: CoherentOptions) => ({
  cache: redisSessionCache(options),
  index: redisUserIndex(options),
})

/** Rounds up to whole milliseconds, since Redis accepts no fractions. */
function toMs(option: Record<string, number>, unitMs: number): number {
  const [[name, count] = ['', 0]] = Object.entries(option)
  if (!(count > 0 && count < Number.POSITIVE_INFINITY)) {
    throw new TypeError(`${name} must be a number more than 0`)
  }
  return Math.ceil(count * unitMs)
}

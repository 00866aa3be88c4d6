export { AuthError, type AuthErrorCode } from './errors.ts'
export { askRedis, type RedisClient } from './redis/ask-redis.ts'
export { openRedis } from './redis/open-redis.ts'
export { createSessionStore, type SessionStoreOptions } from './session/create-session-store.ts'
export type { Lifetime, SessionCache, UpdateOutcome, UserIndex } from './session/session-cache.ts'
export { describeSessions, type SessionsDescription } from './session/describe-sessions.ts'
export {
  droppedSessionIds,
  sessionCookieAttributes,
  sessionCookieName,
  type CookieOptions,
} from './session/session-cookie.ts'
export { session, type SessionMiddlewareOptions } from './session/session-middleware.ts'
export { SessionStore, type SessionLimits } from './session/session-store.ts'

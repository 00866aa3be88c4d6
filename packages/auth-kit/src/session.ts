export { AuthError, type AuthErrorCode } from './errors.ts'
export { askRedis } from './redis/ask-redis.ts'
export type { RedisClient } from './redis/redis-client.ts'
export type { RedisSessionOptions } from './redis/check-keys.ts'
export { type EndCount, endCounts, type EndCounts } from './redis/end-counts.ts'
export { openRedis } from './redis/open-redis.ts'
export { coherentSessions, type CoherentOptions } from './redis/coherent-sessions.ts'
export { redisSessionCache } from './redis/redis-session-cache.ts'
export { redisUserIndex } from './redis/redis-user-index.ts'
export { createSessionStore, type SessionStoreOptions } from './session/create-session-store.ts'
export type {
  CacheStats,
  KnownSession,
  Lifetime,
  SessionCache,
  SessionChange,
  UpdateOutcome,
  UserIndex,
} from './session/session-cache.ts'
export { describeSessions, type SessionsDescription } from './session/describe-sessions.ts'
export {
  presentedSessionIds,
  sessionCookieAttributes,
  sessionCookieName,
  type CookieOptions,
} from './session/session-cookie.ts'
export type { SessionContent } from './session/session-content.ts'
export { setSignIn, type SessionStamps } from './session/session-stamps.ts'
export type { SessionMiddlewareOptions } from './session/request-sessions.ts'
export { session } from './session/session-middleware.ts'
export type { SessionLimits } from './session/session-limits.ts'
export { SessionStore } from './session/session-store.ts'

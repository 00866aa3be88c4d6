import { askRedis, type RedisClient, type SessionStore } from 'auth-kit/session'
import type { Request } from 'express'

type RedisDeps = { redis: RedisClient; keyPrefix: string }

/** An SSO session and its user. */
export type SignInRef = { userId: string; signInId: string }

/** Much longer than an answer with the new cookie takes to arrive. */
const REMEMBER_SECONDS = 60

/**
 * Ends the session of this request to replace it. Notes the successor's SSO session first, so that a
 * sign-out with the old cookie still ends it (`successorOf`).
 *
 * @returns false if the session had already ended: then nothing may replace it
 */
export async function takeOverSession(
  { store, redis, keyPrefix }: RedisDeps & { store: SessionStore },
  { sessionID, session }: Pick<Request, 'sessionID' | 'session'>,
  successor: SignInRef,
): Promise<boolean> {
  const key = keyOf(keyPrefix, sessionID)
  const note = JSON.stringify(successor)
  await askRedis(redis, (redis) => redis.set(key, note, 'EX', REMEMBER_SECONDS))
  // `getSession` checks that it is live: the end of all sessions is one write and removes them later.
  return (
    (await store.getSession(sessionID)) !== null && (await store.takeSession(sessionID, session))
  )
}

/** The SSO session of the session that replaced this one a moment ago. @throws AuthError 503 */
export async function successorOf(
  { redis, keyPrefix }: RedisDeps,
  sessionId: string,
): Promise<SignInRef | null> {
  const note = await askRedis(redis, (redis) => redis.get(keyOf(keyPrefix, sessionId)))
  return note === null ? null : JSON.parse(note)
}

function keyOf(keyPrefix: string, sessionId: string): string {
  return `${keyPrefix}renewed:${sessionId}`
}

import { askRedis, type RedisClient, type SessionStore } from 'auth-kit/session'
import type { Request } from 'express'

type RedisDeps = { redis: RedisClient; keyPrefix: string }

/** A sign-in, and whose it is. */
export type SignInRef = { userId: string; signInId: string }

/** Longer by far than an answer with the new cookie is on its way. */
const REMEMBER_SECONDS = 60

/**
 * Ends the session of this request to put another in its place. The successor's sign-in is noted
 * first: a sign-out that still brings the old cookie ends it (`successorOf`).
 *
 * @returns false if somebody else ended the session first: then nothing may take its place
 */
export async function takeOverSession(
  { store, redis, keyPrefix }: RedisDeps & { store: SessionStore },
  { sessionID }: Pick<Request, 'sessionID'>,
  successor: SignInRef,
): Promise<boolean> {
  const key = keyOf(keyPrefix, sessionID)
  const note = JSON.stringify(successor)
  await askRedis(redis, (redis) => redis.set(key, note, 'EX', REMEMBER_SECONDS))
  // Live, and not just there: an end of all sessions is one write, and removes each of them later.
  return (await store.getSession(sessionID)) !== null && (await store.deleteSession(sessionID))
}

/** The sign-in that a session was renewed for a moment ago. @throws AuthError 503 */
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

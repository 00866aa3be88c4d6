import { askRedis, type RedisClient } from 'auth-kit/session'

type Deps = { redis: RedisClient; keyPrefix: string }

/**
 * Says that nobody was given what this attempt to rotate a family wrote, if it wrote anything: MongoDB
 * or Redis went down before its answer. While Redis is down, the leeway alone is left.
 *
 * @param expiresAt when its family ends, and the note with it
 */
export async function noteUndelivered(
  { redis, keyPrefix }: Deps,
  attemptId: string,
  expiresAt: Date,
): Promise<void> {
  const key = keyOf(keyPrefix, attemptId)
  await askRedis(redis, (redis) => redis.set(key, '1', 'PXAT', expiresAt.getTime())).catch(
    () => undefined,
  )
}

/** @throws AuthError 503 when Redis does not answer */
export async function isUndelivered(
  { redis, keyPrefix }: Deps,
  attemptId: string,
): Promise<boolean> {
  return (await askRedis(redis, (redis) => redis.exists(keyOf(keyPrefix, attemptId)))) === 1
}

function keyOf(keyPrefix: string, attemptId: string): string {
  return `${keyPrefix}undelivered:${attemptId}`
}

import { askRedis, type RedisClient } from 'auth-kit/session'

type Deps = { redis: RedisClient; keyPrefix: string }

/**
 * Notes that nobody received the successor of this attempt, if it wrote one: MongoDB or Redis went down
 * before its answer. While Redis is down, only the leeway remains.
 *
 * @param expiresAt when the family ends; the note ends with it
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

/** Whether nobody received the successor of this attempt. @throws AuthError 503 while Redis is down */
export async function isUndelivered(
  { redis, keyPrefix }: Deps,
  attemptId: string,
): Promise<boolean> {
  return (await askRedis(redis, (redis) => redis.exists(keyOf(keyPrefix, attemptId)))) === 1
}

function keyOf(keyPrefix: string, attemptId: string): string {
  return `${keyPrefix}undelivered:${attemptId}`
}

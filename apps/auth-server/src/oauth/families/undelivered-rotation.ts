import { askRedis, type RedisClient } from 'auth-kit/session'

type Deps = { redis: RedisClient; keyPrefix: string }

/** A refresh token: its family, and its number there. */
type Successor = { id: string; counter: number }

/**
 * Says that this token may be the present one and that nobody was given it: MongoDB went away between
 * the rotation and its answer. Where Redis is away too, the leeway alone is left.
 *
 * @param expiresAt when its family ends, and the note with it
 */
export async function noteUndelivered(
  { redis, keyPrefix }: Deps,
  successor: Successor,
  expiresAt: Date,
): Promise<void> {
  const key = keyOf(keyPrefix, successor)
  await askRedis(redis, (redis) => redis.set(key, '1', 'PXAT', expiresAt.getTime())).catch(
    () => undefined,
  )
}

/** @throws AuthError 503 when Redis does not answer */
export async function isUndelivered(
  { redis, keyPrefix }: Deps,
  successor: Successor,
): Promise<boolean> {
  return (await askRedis(redis, (redis) => redis.exists(keyOf(keyPrefix, successor)))) === 1
}

/**
 * Called before the successor is handed out. A later request with the token before it then has the
 * leeway alone.
 */
export async function forgetUndelivered(
  { redis, keyPrefix }: Deps,
  successor: Successor,
): Promise<void> {
  await askRedis(redis, (redis) => redis.del(keyOf(keyPrefix, successor)))
}

function keyOf(keyPrefix: string, { id, counter }: Successor): string {
  return `${keyPrefix}unanswered:${id}:${counter}`
}

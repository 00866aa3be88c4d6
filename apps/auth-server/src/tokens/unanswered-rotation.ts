import { askRedis, type RedisClient } from 'auth-kit/session'
import type { Family } from './family.model.ts'

type Deps = { redis: RedisClient; keyPrefix: string }

/**
 * Says that the rotation to that number may have been written, and that nobody was given its answer:
 * MongoDB went away in between. Where Redis is away too, the leeway alone is left.
 */
export async function noteUnanswered(
  { redis, keyPrefix }: Deps,
  { family, counter }: { family: Family; counter: number },
): Promise<void> {
  const end = family.expiresAt.getTime()
  await askRedis(redis, (redis) => redis.set(keyOf(keyPrefix, family), counter, 'PXAT', end)).catch(
    () => undefined,
  )
}

/**
 * Whether the rotation that the family stands at was noted, once: whoever is told so hands it out.
 *
 * @throws AuthError 503 when Redis does not answer
 */
export async function takeUnanswered({ redis, keyPrefix }: Deps, family: Family): Promise<boolean> {
  const noted = await askRedis(redis, (redis) => redis.getdel(keyOf(keyPrefix, family)))
  return noted === String(family.counter)
}

function keyOf(keyPrefix: string, { id }: Family): string {
  return `${keyPrefix}unanswered:${id}`
}

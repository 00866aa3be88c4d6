import { askRedis, type RedisClient } from 'auth-kit/session'
import { Cluster } from 'ioredis'
import type { Logger } from 'service-kit'

/**
 * Warns at startup if a crash of Redis would undo recent sign-outs or all of them. Stays silent if Redis
 * does not reveal its settings, as many hosted ones do not.
 */
export async function warnIfRedisForgets(redis: RedisClient, logger: Logger): Promise<void> {
  if (redis instanceof Cluster) return
  const settings: unknown = await askRedis(redis, () => redis.config('GET', 'append*')).catch(
    () => undefined,
  )
  if (!Array.isArray(settings) || settings.length === 0) return
  // Name, value, name, value …
  const valueOf = (name: string): unknown => settings.at(settings.indexOf(name) + 1)
  const durability = { appendOnly: valueOf('appendonly'), appendFsync: valueOf('appendfsync') }
  if (keepsSignOuts(durability)) return
  logger.warn(
    'Redis may forget sign-outs when it crashes: set "appendonly yes" and "appendfsync always".',
  )
}

/** Whether Redis with these settings writes every sign-out to disk before it answers. */
export function keepsSignOuts(redis: { appendOnly: unknown; appendFsync: unknown }): boolean {
  return redis.appendOnly === 'yes' && redis.appendFsync === 'always'
}

import type { RedisClient } from './redis-client.ts'

/** Where sessions are in Redis. */
export type RedisSessionOptions = {
  redis: RedisClient
  /** In front of a session's id; every server that shares the sessions has the same. `sess:` */
  prefix?: string | undefined
}

/**
 * Whether sessions and what belongs to them can be found under such a prefix.
 *
 * @throws TypeError when it cannot be
 */
export function checkKeys(redis: RedisClient, prefix: string): void {
  if (/[{}]/.test(prefix))
    throw new TypeError('prefix: braces choose a Cluster slot, see ended:{…}')
  // Redis's SCAN does not know it, so that "end all sessions" would miss some.
  if (redis.options.keyPrefix)
    throw new TypeError('prefix takes the place of the client’s keyPrefix')
}

import type { RedisClient } from './redis-client.ts'

/** Where sessions are stored in Redis. */
export type RedisSessionOptions = {
  redis: RedisClient
  /** Prefix of the session keys, the same on every server that shares the sessions. `sess:` */
  prefix?: string | undefined
}

/**
 * Checks that the prefix works for sessions and for the keys derived from it.
 *
 * @throws TypeError if it does not
 */
export function checkKeys(redis: RedisClient, prefix: string): void {
  if (/[{}]/.test(prefix))
    throw new TypeError('prefix: must not contain braces, which choose the Cluster slot')
  // SCAN ignores keyPrefix, so "end all sessions" would miss some.
  if (redis.options.keyPrefix)
    throw new TypeError('prefix: use it instead of the keyPrefix of the client')
}

import { randomUUID } from 'node:crypto'
import type { UserIndex } from '../session/session-cache.ts'
import { askRedis } from './ask-redis.ts'
import { checkKeys, type RedisSessionOptions } from './check-keys.ts'

/** An epoch only has to outlive the sign-ins that were under way when it began: a day is plenty. */
const EPOCH_SECONDS = 24 * 60 * 60

/**
 * The index in Redis: a sorted set of session ids by their end, one for each user, which expires
 * with its last session. The epoch is random and not a counter, so that no value ever comes twice.
 *
 * @throws TypeError at once, when an option is wrong; from its methods AuthError
 *   `sessions_unavailable` (503) when Redis does not answer in 200 ms
 */
export function redisUserIndex(options: RedisSessionOptions): UserIndex {
  const { redis, prefix = 'sess:' } = options
  checkKeys(redis, prefix)
  const sessions = (userId: string) => `sessions-of:{${prefix}${userId}}`
  const epoch = (userId: string) => `epoch-of:{${prefix}${userId}}`

  return {
    read: (userId) =>
      askRedis(redis, (redis) => redis.zrangebyscore(sessions(userId), Date.now(), '+inf')),

    async add(userId, sessionId, endsAt) {
      const key = sessions(userId)
      await askRedis(redis, (redis) =>
        redis
          .multi()
          .zadd(key, endsAt, sessionId)
          .zremrangebyscore(key, '-inf', Date.now())
          .pexpireat(key, endsAt, 'NX')
          .pexpireat(key, endsAt, 'GT')
          .exec(),
      )
    },

    async remove(userId, sessionId) {
      await askRedis(redis, (redis) => redis.zrem(sessions(userId), sessionId))
    },

    readEpoch: (userId) => askRedis(redis, (redis) => redis.get(epoch(userId))),

    async startEpoch(userId) {
      await askRedis(redis, (redis) => redis.set(epoch(userId), randomUUID(), 'EX', EPOCH_SECONDS))
    },
  }
}

import { randomUUID } from 'node:crypto'
import type { Epoch, Member } from '../session/epoch.ts'
import type { UserIndex } from '../session/session-cache.ts'
import { askRedis, resultsOf } from './ask-redis.ts'
import { COUNT_END, COUNTER_FIELDS, ownEndCounts } from './end-counts.ts'
import { checkKeys, type RedisSessionOptions } from './check-keys.ts'

/** A sign-in extends the expiry of an epoch only after this much of it has passed. */
const RENEW_EPOCH_AFTER_MS = 60 * 60 * 1000

/** ARGV: the epoch to store if there is none; ms to keep it; remaining ms below which to extend it. */
const OPEN_EPOCH = `
  local epoch = redis.call('GET', KEYS[1])
  if not epoch then
    redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
    return ARGV[1]
  end
  local left = redis.call('PTTL', KEYS[1])
  if left >= 0 and left < tonumber(ARGV[3]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
  return epoch
`

/**
 * ARGV: the new epoch; ms to keep it; the epoch that the spared session carries; its id; an id for a
 * counter of ends. The stored value is an epoch of 36 characters, which the session spared by the previous change may follow.
 */
const START_EPOCH = `
  ${COUNT_END}
  local current = redis.call('GET', KEYS[1]) or ''
  local spared = ARGV[3] .. ' ' .. ARGV[4]
  local live = string.sub(current, 1, 36) == ARGV[3] or string.sub(current, 38) == spared
  local epoch = live and ARGV[3] ~= '' and ARGV[1] .. ' ' .. spared or ARGV[1]
  redis.call('SET', KEYS[1], epoch, 'PX', ARGV[2])
  return { count_end(KEYS[2], ARGV[5]) }
`

const COMPLETE_SEARCH = `
  if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then redis.call('HDEL', KEYS[1], ARGV[1]) end
`

/**
 * The user index in Redis: for each user a sorted set of session ids by their end, which expires with
 * the last session. Epochs are random instead of counted, so that no value repeats.
 *
 * @throws TypeError immediately, if an option is invalid. The methods throw AuthError
 *   `sessions_unavailable` (503) if Redis does not answer within 200 ms
 */
export function redisUserIndex(options: RedisSessionOptions): UserIndex {
  const { redis, prefix = 'sess:' } = options
  checkKeys(redis, prefix)
  const sessions = (userId: string) => `sessions-of:{${prefix}${userId}}`
  const epochKey = (userId: string) => epochKeyOf(prefix, userId)
  const counts = ownEndCounts(options)
  const searches = `searches:{${prefix}}`

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

    async remove(userId, sessionIds) {
      if (sessionIds.length === 0) return
      await askRedis(redis, (redis) => redis.zrem(sessions(userId), ...sessionIds))
    },

    async readEpoch(userId) {
      return (await readStoredEpoch(options, userId))?.epoch ?? null
    },

    async openEpoch(userId, keepForMs) {
      const args = [randomUUID(), keepForMs, keepForMs - RENEW_EPOCH_AFTER_MS]
      return parseEpoch(
        String(
          await askRedis(redis, (redis) => redis.eval(OPEN_EPOCH, 1, epochKey(userId), ...args)),
        ),
      )
    },

    async startEpoch(userId, { keepForMs, spared }) {
      const epoch = randomUUID()
      const keys = [epochKey(userId), counts.keyFor(epochKey(userId))] as const
      const carried = [spared?.epoch ?? '', spared?.sessionId ?? '']
      const args = [epoch, keepForMs, ...carried, randomUUID()]
      await askRedis(redis, (redis) => redis.hset(searches, userId, epoch))
      const counted = await askRedis(redis, (redis) => redis.eval(START_EPOCH, 2, ...keys, ...args))
      if (Array.isArray(counted)) counts.note(keys[1], counted[0], counted[1])
    },

    isSearchDue: async (userId) =>
      (await askRedis(redis, (redis) => redis.hexists(searches, userId))) === 1,

    async listSearches() {
      const all = await askRedis(redis, (redis) => redis.hgetall(searches))
      return Object.entries(all).map(([userId, epoch]) => ({ userId, epoch }))
    },

    async completeSearches(done) {
      await Promise.all(
        done.map(({ userId, epoch }) =>
          askRedis(redis, (redis) => redis.eval(COMPLETE_SEARCH, 1, searches, userId, epoch)),
        ),
      )
    },
  }
}

/** The key of a user's epoch. */
export function epochKeyOf(prefix: string, userId: string): string {
  return `epoch-of:{${prefix}${userId}}`
}

/**
 * A stored epoch and its remaining lifetime in Redis, ms.
 *
 * @throws AuthError `sessions_on_hold` (503) if Redis has lost ends
 */
export async function readStoredEpoch(
  options: RedisSessionOptions,
  userId: string,
): Promise<{ epoch: Epoch; livesForMs: number } | null> {
  const { redis, prefix = 'sess:' } = options
  const counts = ownEndCounts(options)
  const key = epochKeyOf(prefix, userId)
  const counter = counts.keyFor(key)
  const [stored, livesForMs, fields] = await askRedis(redis, (redis) =>
    resultsOf(
      redis
        .pipeline()
        .get(key)
        .pttl(key)
        .hmget(counter, ...COUNTER_FIELDS)
        .exec(),
    ),
  )
  await counts.verify(counter, fields)
  if (typeof stored !== 'string') return null
  return { epoch: parseEpoch(stored), livesForMs: Number(livesForMs) }
}

/** `<id>`, or `<id> <epoch of the spared session> <its id>`. */
function parseEpoch(stored: string): Epoch {
  const [id = '', epoch, ...sessionId] = stored.split(' ')
  const spared: Member | null =
    epoch === undefined ? null : { epoch, sessionId: sessionId.join(' ') }
  return { id, spared }
}

import { randomUUID } from 'node:crypto'
import { Cluster } from 'ioredis'
import { MOST_BYTES } from '../session/check-size.ts'
import type { Lifetime, SessionCache, UpdateOutcome } from '../session/session-cache.ts'
import { sessionsOnHold, sessionsUnavailable } from '../errors.ts'
import { askRedis, resultsOf } from './ask-redis.ts'
import { COUNT_END, COUNTER_FIELDS, ownEndCounts } from './end-counts.ts'
import type { RedisClient } from './redis-client.ts'
import { checkKeys, type RedisSessionOptions } from './check-keys.ts'

/**
 * Expiry by Redis's own clock, so that a server whose clock is wrong does not extend sessions.
 * ARGV[2]: how long the session may be idle, ms; ARGV[3]: its latest end, ms since 1970.
 */
const EXPIRY = `
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  local expires = math.min(now + tonumber(ARGV[2]), tonumber(ARGV[3]))
`

/**
 * Reserves the last tenth of Redis's memory for sign-ins: creating visitor sessions is free, so
 * anyone could fill it. Without permission for INFO there is no reserve.
 */
const ROOM = `
  local function has_room(is_visitor)
    if is_visitor ~= '1' then return true end
    local info = redis.pcall('INFO', 'memory')
    if type(info) ~= 'string' then return true end
    local used = tonumber(string.match(info, 'used_memory:(%d+)'))
    local most = tonumber(string.match(info, 'maxmemory:(%d+)'))
    return not used or not most or most == 0 or used < most * 0.9
  end
`

/** The scripts' answer if there is no room; see ROOM. */
const FULL = 2

/** ADD's answer while sessions are on hold; see `endCounts`. */
const ON_HOLD = 3

const ADD = `
  ${ROOM}
  ${COUNT_END}
  if redis.call('HEXISTS', KEYS[3], 'hold') == 1 then return ${ON_HOLD} end
  if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
  ${EXPIRY}
  if expires <= now then return 0 end
  if not has_room(ARGV[4]) then return ${FULL} end
  open_counter(KEYS[3], ARGV[5])
  local kept = redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PXAT', string.format('%.0f', expires))
  return kept and 1 or 0
`

/** Returns nil if the session has ended, the stored session if another request was faster, else 1. */
const UPDATE = `
  ${ROOM}
  local current = redis.call('GET', KEYS[1])
  if not current then return false end
  ${EXPIRY}
  if expires <= now or redis.call('EXISTS', KEYS[2]) == 1 then
    redis.call('DEL', KEYS[1])
    return false
  end
  if current ~= ARGV[5] then return current end
  if not has_room(ARGV[4]) then return ${FULL} end
  redis.call('SET', KEYS[1], ARGV[1], 'XX', 'PXAT', string.format('%.0f', expires))
  return 1
`

const DELETE = `
  ${COUNT_END}
  local current = redis.call('GET', KEYS[1])
  redis.call('DEL', KEYS[1])
  redis.call('SET', KEYS[2], '1', 'PX', ARGV[1])
  if not current then return false end
  return { current, count_end(KEYS[3], ARGV[2]) }
`

/**
 * Sessions in Redis, in the format of connect-redis: JSON under `<prefix><id>`, with an expiry.
 *
 * An ended session leaves a tombstone `ended:{<prefix><id>}` in the same Cluster slot, which is read
 * together with the session. If a stock connect-redis app writes the session again, it is not
 * honoured, and the next read removes it. Needs Redis 7 or later.
 *
 * @example
 * const [cache, index] = [redisSessionCache({ redis }), redisUserIndex({ redis })]
 * const store = new SessionStore({ cache, index, limits })
 *
 * @throws TypeError immediately, if an option is invalid. The methods throw AuthError
 *   `sessions_unavailable` (503) if Redis does not answer within 200 ms
 */
export function redisSessionCache(options: RedisSessionOptions): SessionCache {
  const { redis, prefix = 'sess:' } = options
  checkKeys(redis, prefix)
  const keys = (id: string) => keysOf(prefix, id)
  const counts = ownEndCounts(options)
  const counterOf = (id: string) => counts.keyFor(keys(id)[0])

  return {
    async getSession(id) {
      return (await readSession(options, id))?.json ?? null
    },

    async addSession(id, json, lifetime) {
      const args = [json, ...lifetimeArguments(lifetime), randomUUID()]
      const answer = await askRedis(redis, (redis) =>
        redis.eval(ADD, 3, ...keys(id), counterOf(id), ...args),
      )
      if (answer === FULL) throw noRoom()
      if (answer === ON_HOLD) throw sessionsOnHold()
      return answer === 1
    },

    async updateSession(id, { expected, json, lifetime }) {
      const args = [json, ...lifetimeArguments(lifetime), expected]
      return outcomeOf(
        await askRedis(redis, (redis) => redis.eval(UPDATE, 2, ...keys(id), ...args)),
      )
    },

    async deleteSession(id, rememberForMs) {
      const counter = counterOf(id)
      const args = [String(rememberForMs), randomUUID()]
      const ended = await askRedis(redis, (redis) =>
        redis.eval(DELETE, 3, ...keys(id), counter, ...args),
      )
      if (!Array.isArray(ended)) return null
      const [json, counterId, count]: unknown[] = ended
      counts.note(counter, counterId, count)
      return String(json)
    },

    scanSessions: () => scanSessions(redis, prefix),
  }
}

/** The keys of a session and its tombstone, in the same Cluster slot. */
export function keysOf(prefix: string, id: string): [session: string, tombstone: string] {
  return [`${prefix}${id}`, `ended:{${prefix}${id}}`]
}

/**
 * The JSON of a session and its remaining lifetime in Redis, ms. Null if it does not exist or has
 * ended; removes an ended one that a stock app wrote again. Reads no more of an oversized value than
 * shows that it is one.
 *
 * @throws AuthError `sessions_on_hold` (503) if Redis has lost ends
 */
export async function readSession(
  options: RedisSessionOptions,
  id: string,
): Promise<{ json: string; livesForMs: number } | null> {
  const { redis, prefix = 'sess:' } = options
  const counts = ownEndCounts(options)
  const [key, tombstone] = keysOf(prefix, id)
  const counter = counts.keyFor(key)
  const [json, ended, livesForMs, fields] = await askRedis(redis, (redis) =>
    readTogether(
      redis
        .pipeline()
        .getrange(key, 0, MOST_BYTES)
        .get(tombstone)
        .pttl(key)
        .hmget(counter, ...COUNTER_FIELDS)
        .exec(),
    ),
  )
  await counts.verify(counter, fields)
  if (typeof json !== 'string' || json === '') return null
  if (ended == null) return { json, livesForMs: Number(livesForMs) }
  await askRedis(redis, (redis) => redis.del(key))
  return null
}

/** Like `resultsOf`, but a key of another type, such as a list, counts as no session. */
function readTogether(answers: Promise<[Error | null, unknown][] | null>): Promise<unknown[]> {
  return resultsOf(
    answers.then(
      (all) => all?.map((answer) => (isWrongType(answer[0]) ? [null, null] : answer)) ?? null,
    ),
  )
}

function isWrongType(error: Error | null): boolean {
  return error?.message.startsWith('WRONGTYPE') ?? false
}

function lifetimeArguments({ idleMs, endsAt, isVisitor = false }: Lifetime): string[] {
  return [String(idleMs), String(endsAt), isVisitor ? '1' : '0']
}

function outcomeOf(answer: unknown): UpdateOutcome {
  if (answer === FULL) throw noRoom()
  if (typeof answer === 'string') return { outcome: 'overtaken', current: answer }
  return { outcome: answer === 1 ? 'updated' : 'ended' }
}

function noRoom() {
  return sessionsUnavailable(new Error('Redis is nearly full: visitor sessions are refused'))
}

/** Small batches: requests meanwhile wait for one of them at most, on the server and in this process. */
const SCANNED_AT_ONCE = 100

async function* scanSessions(redis: RedisClient, prefix: string) {
  const pattern = `${prefix.replaceAll(/[\\*?[\]]/g, String.raw`\$&`)}*`
  const isCluster = redis instanceof Cluster
  for (const node of isCluster ? redis.nodes('master') : [redis]) {
    let cursor = '0'
    do {
      const [next, found] = await askRedis(node, () =>
        node.scan(cursor, 'MATCH', pattern, 'COUNT', SCANNED_AT_ONCE, 'TYPE', 'string'),
      )
      cursor = next
      if (found.length === 0) continue
      // In a Cluster, the keys of one node are spread over many slots, and MGET takes those of one.
      const values = await askRedis(node, () =>
        isCluster ? Promise.all(found.map((key) => node.get(key))) : node.mget(found),
      )
      yield found.flatMap((key, at) => {
        const json = values[at]
        return json == null ? [] : [{ id: key.slice(prefix.length), json }]
      })
    } while (cursor !== '0')
  }
}

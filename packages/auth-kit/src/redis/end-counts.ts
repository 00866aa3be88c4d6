import { randomUUID } from 'node:crypto'
import { Cluster } from 'ioredis'
import { AuthError, sessionsOnHold } from '../errors.ts'
import { askRedis } from './ask-redis.ts'
import { checkKeys, type RedisSessionOptions } from './check-keys.ts'
import { slotTagOf } from './hash-slot.ts'
import type { RedisClient } from './redis-client.ts'

/** How many counters `check` reads at once. A Cluster has up to 16,384, any other Redis has one. */
const CHECKED_AT_ONCE = 250

/** How many ends a counter had when last seen. `id` is new when the counter starts over. */
export type EndCount = { key: string; id: string; count: number }

/** The fields of a counter that a session is read with: its id, count, and whether it is on hold. */
export const COUNTER_FIELDS = ['id', 'count', 'hold'] as const

/**
 * Lua: `open_counter(key, new_id)` makes sure that a Redis with sessions has a counter, and
 * `count_end(key, new_id)` counts an end in the same script that makes it. A copy of Redis therefore
 * never holds an end without its number.
 */
export const COUNT_END = `
  local function open_counter(key, new_id)
    redis.call('HSETNX', key, 'id', new_id)
  end
  local function count_end(key, new_id)
    open_counter(key, new_id)
    return redis.call('HGET', key, 'id'), redis.call('HINCRBY', key, 'count', 1)
  end
`

/** ARGV: the id and the highest count seen. Compares again, because ends may be counted meanwhile. */
const HOLD = `
  if redis.call('HGET', KEYS[1], 'id') ~= ARGV[1] then return 0 end
  if redis.call('HEXISTS', KEYS[1], 'hold') == 1 then return 1 end
  if tonumber(redis.call('HGET', KEYS[1], 'count') or '0') >= tonumber(ARGV[2]) then return 0 end
  return redis.call('HSET', KEYS[1], 'hold', '1')
`

/** The counter starts over, so that no count seen before applies to it. ARGV: the new id. */
const RELEASE = `
  if redis.call('HEXISTS', KEYS[1], 'hold') == 0 then return 0 end
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'id', ARGV[1])
  return 1
`

/** The numbers of ended sessions that Redis counts and this process remembers. */
export type EndCounts = {
  /** The highest counts that this process has seen or was given. */
  known(): EndCount[]
  /** Adds counts from elsewhere, such as those of an earlier process. */
  learn(counts: readonly EndCount[]): void
  /** Compares the known counts with Redis, 250 of them for each call, and starts a hold if one is lower. */
  check(): Promise<void>
  /** Whether sessions are on hold, because Redis has lost ends. */
  isOnHold(): Promise<boolean>
  /** Ends the hold. @returns whether there was one */
  release(): Promise<boolean>
}

/** What the session cache and the user index need of the counts. */
export type OwnEndCounts = EndCounts & {
  /** The counter for a key, in the same Cluster slot. */
  keyFor(key: string): string
  /** Notes the count after an end. */
  note(key: string, id: unknown, count: unknown): void
  /** Checks what was read together with a session. @throws AuthError `sessions_on_hold` (503) */
  verify(key: string, fields: unknown): Promise<void>
}

const countsByClient = new WeakMap<RedisClient, Map<string, OwnEndCounts>>()

/**
 * Tells a Redis that has lost ended sessions, because it was restored from a backup or crashed before
 * it wrote them, from one that has not. Redis counts ends; a count lower than one seen before puts
 * sessions on hold on every server with the kit (503 `sessions_on_hold`), until `release`.
 *
 * An empty Redis is a new one. In a Cluster each slot has a counter. All stores on one client share
 * what is remembered.
 *
 * @example
 * const counts = endCounts({ redis })
 * if (await counts.isOnHold()) {
 *   await store.endAllSessions()
 *   await counts.release()
 * }
 *
 * @throws TypeError immediately, if an option is invalid. The methods throw AuthError
 *   `sessions_unavailable` (503) if Redis does not answer within 200 ms
 */
export function endCounts(options: RedisSessionOptions): EndCounts {
  return ownEndCounts(options)
}

/** `endCounts` with the methods for the session cache and the user index. */
export function ownEndCounts({ redis, prefix = 'sess:' }: RedisSessionOptions): OwnEndCounts {
  checkKeys(redis, prefix)
  const ofClient = countsByClient.get(redis) ?? new Map<string, OwnEndCounts>()
  countsByClient.set(redis, ofClient)
  const counts = ofClient.get(prefix) ?? createEndCounts(redis, prefix)
  ofClient.set(prefix, counts)
  return counts
}

function createEndCounts(redis: RedisClient, prefix: string): OwnEndCounts {
  const seen = new Map<string, EndCount>()
  const holds = `holds:{${prefix}}`
  let checked = 0

  function remember(count: EndCount): void {
    const name = `${count.key} ${count.id}`
    if (count.count > (seen.get(name)?.count ?? -1)) seen.set(name, count)
  }

  async function verify(key: string, fields: unknown): Promise<void> {
    const [id, count, hold] = Array.isArray(fields) ? fields.map(textOf) : []
    if (id === undefined) return
    const before = seen.get(`${key} ${id}`)?.count ?? 0
    const isLower = Number(count ?? 0) < before
    if (hold === undefined && !isLower) return remember({ key, id, count: Number(count ?? 0) })
    if (await startHold({ key, id, count: before })) throw sessionsOnHold()
  }

  /** The list of holds may be in another slot, so it is written every time, in case it is missing. */
  async function startHold({ key, id, count }: EndCount): Promise<boolean> {
    const held = await askRedis(redis, () => redis.eval(HOLD, 1, key, id, count))
    if (held === 1) await askRedis(redis, () => redis.sadd(holds, key))
    return held === 1
  }

  async function checkOne(key: string): Promise<void> {
    const fields = await askRedis(redis, () => redis.hmget(key, ...COUNTER_FIELDS))
    await verify(key, fields).catch((error: unknown) => {
      if (!isOnHoldError(error)) throw error
    })
  }

  async function release(): Promise<boolean> {
    const keys = await askRedis(redis, () => redis.smembers(holds))
    const released = await Promise.all(
      keys.map(async (key) => {
        const was = await askRedis(redis, () => redis.eval(RELEASE, 1, key, randomUUID()))
        await askRedis(redis, () => redis.srem(holds, key))
        return was === 1
      }),
    )
    return released.includes(true)
  }

  return {
    keyFor: (key) =>
      redis instanceof Cluster ? `ends:${prefix}{${slotTagOf(key)}}` : `ends:{${prefix}}`,
    note(key, id, count) {
      if (typeof id === 'string') remember({ key, id, count: Number(count) })
    },
    verify,
    known: () => [...seen.values()],
    learn: (counts) => counts.forEach(remember),
    async check() {
      const keys = [...new Set([...seen.values()].map(({ key }) => key))]
      const batch = keys.slice(checked, checked + CHECKED_AT_ONCE)
      checked = checked + batch.length < keys.length ? checked + batch.length : 0
      await Promise.all(batch.map(checkOne))
    },
    isOnHold: async () => (await askRedis(redis, () => redis.exists(holds))) === 1,
    release,
  }
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined)

function isOnHoldError(error: unknown): boolean {
  return error instanceof AuthError && error.code === 'sessions_on_hold'
}

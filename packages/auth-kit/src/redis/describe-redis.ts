import { Cluster, type Redis } from 'ioredis'
import { askRedis } from './ask-redis.ts'
import type { RedisClient } from './redis-client.ts'

/** Identity and durability settings of a Redis. A field is null if Redis does not reveal it. */
export type RedisDescription = {
  /** The same for two clients of one database of one server. */
  id: string | null
  appendOnly: string | null
  appendFsync: string | null
  maxmemoryPolicy: string | null
}

const wanted = ['appendonly', 'appendfsync', 'maxmemory-policy'] as const

/** What two servers must share about their Redis. Null while Redis is down. */
export async function describeRedis(redis: RedisClient): Promise<RedisDescription | null> {
  const nodes: Redis[] = redis instanceof Cluster ? redis.nodes('master') : [redis]
  const [first] = nodes
  if (!first || !(await answers(first))) return null
  const runIds = (await Promise.all(nodes.map(runIdOf))).filter((id) => id !== null)
  const settings = await settingsOf(first)
  const database = redis instanceof Cluster ? 0 : (redis.options.db ?? 0)
  return {
    id: runIds.length < nodes.length ? null : `${nameAll(runIds)}/${database}`,
    appendOnly: settings.get(wanted[0]) ?? null,
    appendFsync: settings.get(wanted[1]) ?? null,
    maxmemoryPolicy: settings.get(wanted[2]) ?? null,
  }
}

// The nodes of a Cluster are listed in no fixed order.
function nameAll(runIds: string[]): string {
  return [...new Set(runIds)].toSorted((one, other) => one.localeCompare(other)).join('+')
}

function answers(redis: Redis): Promise<boolean> {
  return askRedis(redis, () => redis.ping()).then(
    () => true,
    () => false,
  )
}

async function runIdOf(redis: Redis): Promise<string | null> {
  const info = await askRedis(redis, () => redis.info('server')).catch(() => '')
  return /^run_id:(\w+)/m.exec(info)?.[1] ?? null
}

async function settingsOf(redis: Redis): Promise<Map<string, string>> {
  const pairs = await Promise.all(
    wanted.map((name) => askRedis(redis, () => redis.config('GET', name)).catch(() => [])),
  )
  // Each answer is a name and its value.
  return new Map(
    pairs.flatMap((pair: unknown) =>
      Array.isArray(pair) && pair.length === 2 ? [[String(pair[0]), String(pair[1])] as const] : [],
    ),
  )
}

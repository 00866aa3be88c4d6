import { askRedis, type RedisClient } from 'auth-kit/session'

type RedisDeps = { redis: RedisClient; keyPrefix: string }

const LIFTED = 'lifted'

/** Longer than any look into MongoDB may take that began before the suspension was lifted. */
const LIFTED_MS = 10_000

/**
 * The copy of a suspension in Redis: it spares MongoDB a flood of attempts, and holds while that is
 * away. `lifted` is remembered for a moment; undefined means that MongoDB has to be asked.
 */
export async function readCopy(
  { redis, keyPrefix }: RedisDeps,
  address: string,
): Promise<Date | typeof LIFTED | undefined> {
  const copy = await askRedis(redis, (redis) => redis.get(keyOf(keyPrefix, address)))
  if (copy === null) return undefined
  return copy === LIFTED ? LIFTED : new Date(Number(copy))
}

/** A new suspension. It is written here first: MongoDB, which gets it next, may be away. */
export async function writeCopy(
  { redis, keyPrefix }: RedisDeps,
  { address, until }: { address: string; until: Date },
): Promise<void> {
  const time = until.getTime()
  await askRedis(redis, (redis) => redis.set(keyOf(keyPrefix, address), String(time), 'PXAT', time))
}

/** Copies what was read in MongoDB, unless it was lifted or suspended anew since. */
export async function restoreCopy(
  { redis, keyPrefix }: RedisDeps,
  { address, until }: { address: string; until: Date },
): Promise<void> {
  const time = until.getTime()
  await askRedis(redis, (redis) =>
    redis.set(keyOf(keyPrefix, address), String(time), 'PXAT', time, 'NX'),
  )
}

/**
 * Lifted. A server that has just read the suspension in MongoDB finds this before it copies it.
 *
 * @returns whether there was a copy
 */
export async function dropCopy({ redis, keyPrefix }: RedisDeps, address: string): Promise<boolean> {
  const before = await askRedis(redis, (redis) =>
    redis.set(keyOf(keyPrefix, address), LIFTED, 'PX', LIFTED_MS, 'GET'),
  )
  return before !== null && before !== LIFTED
}

function keyOf(keyPrefix: string, address: string): string {
  return `${keyPrefix}suspended:${address}`
}

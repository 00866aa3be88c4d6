import { askRedis, type RedisClient } from 'auth-kit/session'

type RedisDeps = { redis: RedisClient; keyPrefix: string }

const LIFTED = 'lifted'

/** Longer than any read from MongoDB that began before the block was lifted. */
const LIFTED_MS = 10_000

/**
 * The copy of a block in Redis. It spares MongoDB a flood of attempts and holds while MongoDB is down.
 * `lifted` is remembered for a moment; undefined means that MongoDB has to be asked.
 */
export async function readCopy(
  { redis, keyPrefix }: RedisDeps,
  address: string,
): Promise<Date | typeof LIFTED | undefined> {
  const copy = await askRedis(redis, (redis) => redis.get(keyOf(keyPrefix, address)))
  if (copy === null) return undefined
  return copy === LIFTED ? LIFTED : new Date(Number(copy))
}

/** Writes a new block. It goes here before MongoDB, which may be down. */
export async function writeCopy(
  { redis, keyPrefix }: RedisDeps,
  { address, until }: { address: string; until: Date },
): Promise<void> {
  const time = until.getTime()
  await askRedis(redis, (redis) => redis.set(keyOf(keyPrefix, address), String(time), 'PXAT', time))
}

/** Copies a block read from MongoDB, unless it has been lifted or renewed since. */
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
 * Marks a block as lifted, so that a server that has just read it from MongoDB does not copy it again.
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

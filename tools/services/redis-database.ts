import { once } from 'node:events'
import { Redis } from 'ioredis'
import { openRedis } from '../../packages/auth-kit/src/session.ts'

const ownerKey = 'latchkey:owner'
// Redis has sixteen databases by default.
const lastDatabase = 15

/** Resolves when the Redis at this address lets us in. Rejects with the reason within 5 s. */
export async function reachRedis(url: string): Promise<void> {
  let reason: unknown
  const redis = openRedis(url, (error) => (reason = error))
  try {
    await once(redis, 'ready', { signal: AbortSignal.timeout(4_000) }).catch((error: unknown) => {
      throw reason ?? error
    })
    await redis.ping()
  } finally {
    redis.disconnect()
  }
}

/**
 * The address of a database in this Redis that only `owner` uses: the one it had before, or an empty one.
 * Database 0 is left to clients that choose no database.
 *
 * @throws Error if none is empty
 */
export async function claimRedisDatabase(url: string, owner: string): Promise<string> {
  const redis = new Redis(url)
  try {
    const number = (await findDatabase(redis, isOwn)) ?? (await findDatabase(redis, take))
    if (number !== undefined) return new URL(`/${number}`, url).href
  } finally {
    redis.disconnect()
  }
  throw new Error(
    `The Redis at ${new URL(url).host} has no empty database among 1 to ${lastDatabase}: name one with REDIS_URL, or do without SERVICES=found.`,
  )

  async function isOwn(): Promise<boolean> {
    return (await redis.get(ownerKey)) === owner
  }
  // If two take an empty one at the same moment, one gets it.
  async function take(): Promise<boolean> {
    return (await redis.dbsize()) === 0 && (await redis.set(ownerKey, owner, 'NX')) === 'OK'
  }
}

async function findDatabase(
  redis: Redis,
  suits: () => Promise<boolean>,
): Promise<number | undefined> {
  for (let number = 1; number <= lastDatabase; number++) {
    // oxlint-disable no-await-in-loop -- the first that is free
    await redis.select(number)
    if (await suits()) return number
  }
  return undefined
}

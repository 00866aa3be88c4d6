import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'

/** A Redis for one test file, with its own key prefix, so that files can run in parallel. */
export async function testRedis() {
  const url = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379'
  const redis = new Redis(url)
  const prefix = `test-${randomBytes(6).toString('hex')}:`
  await redis.ping()

  async function close(): Promise<void> {
    for await (const keys of redis.scanStream({ match: `*${prefix}*`, count: 1000 })) {
      if (keys.length > 0) await redis.del(...keys)
    }
    await redis.quit()
  }
  return { redis, url, prefix, close }
}

/** The address of a database for one test file. Drop it with `connection.dropDatabase()`. */
export function testMongoUrl(): string {
  const url = new URL(process.env.MONGO_URL ?? 'mongodb://127.0.0.1:27017')
  url.pathname = `/test-${randomBytes(6).toString('hex')}`
  return url.href
}

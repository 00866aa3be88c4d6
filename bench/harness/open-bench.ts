import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import { startServices } from '../../tools/services/services.ts'
import type { Bench } from './bench.ts'

type Options = Pick<Bench, 'rounds' | 'seconds' | 'minutes'>

/**
 * Opens the stores that rows share. Redis is always the bench's own, on the cores of the load, because rows
 * count its commands. MongoDB is the one in `MONGO_URL`, in a new database, or the one that `npm start`
 * would run.
 */
export async function openBench(options: Options): Promise<{
  bench: Bench
  close: () => Promise<void>
}> {
  const stops: (() => Promise<unknown>)[] = []
  const redis = await startOwn('redis', { SERVICES: 'local' })
  stops.push(redis.stop)
  const client = new Redis(redis.url)
  // Redis's default. With `always`, the rows would measure the disk, for which every app waits alike.
  await client.config('SET', 'appendfsync', 'everysec')
  let mongo: ReturnType<typeof startMongo> | undefined
  return {
    bench: {
      ...options,
      redis: client,
      redisUrl: redis.url,
      mongo: () => (mongo ??= startMongo(stops)),
      progress,
    },
    async close() {
      client.disconnect()
      for (const stop of stops.toReversed())
        // oxlint-disable-next-line no-await-in-loop
        await stop()
    },
  }
}

async function startMongo(stops: (() => Promise<unknown>)[]) {
  const { MONGO_URL } = process.env
  const mongo = await startOwn('mongo', MONGO_URL ? { MONGO_URL } : { SERVICES: 'local' })
  stops.push(mongo.stop)
  const url = new URL(mongo.url)
  url.pathname = `/bench-${randomBytes(6).toString('hex')}`
  return { url: url.href, how: mongo.how }
}

async function startOwn(name: 'redis' | 'mongo', chosen: NodeJS.ProcessEnv) {
  const { REDIS_URL: _redis, MONGO_URL: _mongo, ...rest } = process.env
  const env = { ...rest, ...chosen }
  const services = await startServices({ names: [name], namespace: 'bench', env, log: progress })
  return { ...services[name], stop: services.stop }
}

function progress(line: string): void {
  process.stderr.write(`${line}\n`)
}

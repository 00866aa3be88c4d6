import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from '@jest/globals'
import { Redis } from 'ioredis'
import mongoose from 'mongoose'
import { findOrStart } from './find-or-start.ts'
import { startOwnRedis } from './own-instances.ts'
import { amqpService } from './amqp.service.ts'
import { mongoService } from './mongo.service.ts'
import { redisService } from './redis.service.ts'
import { startServices } from './services.ts'

const log = (line: string) => void process.stderr.write(`${line}\n`)
const { MONGO_URL: _mongo, REDIS_URL: _redis, SERVICES: _services, ...bare } = process.env
const local = { ...bare, SERVICES: 'local' }
const found = { ...bare, SERVICES: 'found' }
const namespace = 'one'

const cleanUps: Array<() => Promise<unknown>> = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp()
})

describe('the environment', () => {
  it('decides where a service is, whatever else is running', async () => {
    const own = await ownRedis()
    const env = { ...local, REDIS_URL: `${own.url}/3` }
    const services = await startServices({ names: ['redis'], namespace, env, log })
    expect(services.redis).toMatchObject({ url: `${own.url}/3`, how: 'from REDIS_URL' })
    await services.stop()
  })

  it('is refused within five seconds, by name, if its server does not let us in', async () => {
    const env = {
      ...local,
      MONGO_URL: 'mongodb://127.0.0.1:1/auth',
      REDIS_URL: 'redis://127.0.0.1:1',
      AMQP_URL: 'amqp://127.0.0.1:1',
    }
    const began = Date.now()
    const names = ['mongo', 'redis', 'amqp'] as const
    const problem = await startServices({ names, namespace, env, log }).catch(String)
    expect(problem).toMatch(/MONGO_URL names[^]*REDIS_URL names[^]*AMQP_URL names/)
    expect(problem).toMatch(/ECONNREFUSED 127\.0\.0\.1:1/)
    expect(Date.now() - began).toBeLessThan(5_000)
  })

  it('is refused if SERVICES has an unknown value', async () => {
    const started = startServices({
      names: ['redis'],
      namespace,
      env: { ...bare, SERVICES: 'cloud' },
      log,
    })
    await expect(started).rejects.toThrow('SERVICES must be local, docker or found, not cloud')
  })
})

describe('a service on the usual port', () => {
  it.each([bare, local])('is left alone unless requested', async (env) => {
    const own = await ownRedis()
    const mine = await findOrStart({ ...redisService, usualPort: own.port }, await place(env))
    cleanUps.push(mine.stop)
    expect(mine.url).not.toContain(`:${own.port}`)
    expect(await onRedis(own.url, (redis) => redis.info('keyspace'))).not.toContain('keys=')
  })

  it('is used with SERVICES=found, in a separate database for each installation', async () => {
    const own = await ownRedis()
    await onRedis(`${own.url}/1`, (redis) => redis.set('of', 'another project'))
    const find = async (namespace: string) => {
      const surroundings = { ...(await place(found)), namespace }
      return await findOrStart({ ...redisService, usualPort: own.port }, surroundings)
    }
    const [one, other] = await Promise.all([find('one'), find('other')])
    expect(one.how).toBe(`found on port ${own.port}`)
    expect([one.url, other.url].toSorted()).toEqual([`${own.url}/2`, `${own.url}/3`])
    expect((await find('one')).url).toBe(one.url)
    await one.stop()
    expect(await redisService.answers('127.0.0.1', own.port)).toBe(true)
  })

  it('is shared by database in MongoDB, and by the names of queues in RabbitMQ', async () => {
    expect(await mongoService.share('mongodb://127.0.0.1:27017', 'one')).toEqual({
      url: 'mongodb://127.0.0.1:27017/latchkey-one',
    })
    expect(await amqpService.share('amqp://127.0.0.1', 'one')).toMatchObject({
      queuePrefix: 'latchkey-one.',
    })
  })

  it('is not mistaken for the service if it is paused or something else', async () => {
    const own = await ownRedis()
    own.pause()
    expect(await redisService.answers('127.0.0.1', own.port)).toBe(false)
  })
})

describe('our own service', () => {
  it('finds its data again at the next start, on the same port', async () => {
    const dataDir = await folder()
    const start = () =>
      startServices({ names: ['mongo', 'redis'], namespace, dataDir, env: local, log })

    const first = await start()
    await onRedis(first.redis.url, (redis) => redis.set('kept', 'yes'))
    await onMongo(first.mongo.url, (kept) => kept.insertOne({ name: 'kept' }))
    await first.stop()

    const second = await start()
    cleanUps.push(second.stop)
    expect([second.redis.url, second.mongo.url]).toEqual([first.redis.url, first.mongo.url])
    expect(await onRedis(second.redis.url, (redis) => redis.get('kept'))).toBe('yes')
    expect(await onMongo(second.mongo.url, (kept) => kept.countDocuments())).toBe(1)
  })

  it('syncs every write to Redis before it is acknowledged', async () => {
    const own = await ownRedis()
    const setting = await onRedis(own.url, (redis) => redis.config('GET', 'appendfsync'))
    expect(setting).toEqual(['appendfsync', 'always'])
  })

  it('ends when the signal aborts', async () => {
    const ending = new AbortController()
    const { signal } = ending
    const services = await startServices({ names: ['redis'], namespace, env: local, log, signal })
    cleanUps.push(services.stop)
    ending.abort()
    await untilFalse(() => redisService.answers('127.0.0.1', portOf(services.redis.url)))
  })

  it('is restarted on the same port with its data when it ends', async () => {
    const said: string[] = []
    const own = await findOrStart(redisService, {
      ...(await place(local)),
      log: (line) => said.push(line),
    })
    cleanUps.push(own.stop)
    await onRedis(own.url, (redis) => redis.set('kept', 'yes'))
    process.kill(Number(/process (\d+)/.exec(own.how)?.[1]), 'SIGKILL')
    await untilFalse(async () => !said.includes('Redis is back.'))
    expect(said[0]).toBe('Redis was killed by SIGKILL. Restarting …')
    expect(await onRedis(own.url, (redis) => redis.get('kept'))).toBe('yes')
  })

  it('says what to install if it cannot be started', async () => {
    const env = { ...local, PATH: '', XDG_CACHE_HOME: await folder() }
    const started = startServices({ names: ['redis'], namespace, env, log })
    await expect(started).rejects.toThrow('apt or dnf install redis-server')
  })

  it('is gone within seconds after our process is killed with SIGKILL', async () => {
    const script = `
      import { startServices } from '${new URL('services.ts', import.meta.url).href}'
      const services = await startServices({ names: ['mongo', 'redis'], namespace: 'tests', env: process.env, log() {} })
      console.log(JSON.stringify([services.mongo.how, services.redis.how]))
      setInterval(() => {}, 1000)`
    const parent = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      env: local,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = await once(createInterface({ input: parent.stdout }), 'line')
    const pids = [...String(line).matchAll(/process (\d+)/g)].map((match) => Number(match[1]))
    expect(pids.map(isAlive)).toEqual([true, true])

    parent.kill('SIGKILL')
    for (const pid of pids) await untilFalse(async () => isAlive(pid))
  })
})

describe('an instance of a test’s own', () => {
  it('keeps its port and its data over SIGKILL and restart', async () => {
    const own = await ownRedis()
    const before = own.pid
    await onRedis(own.url, (redis) => redis.set('kept', 'yes'))
    await own.kill('SIGKILL')
    expect(isAlive(before)).toBe(false)
    await own.restart()
    expect(own.pid).not.toBe(before)
    expect(await onRedis(own.url, (redis) => redis.get('kept'))).toBe('yes')
  })

  it('answers nothing while paused, and again when resumed', async () => {
    const own = await ownRedis()
    own.pause()
    expect(await redisService.answers('127.0.0.1', own.port)).toBe(false)
    own.resume()
    expect(await redisService.answers('127.0.0.1', own.port)).toBe(true)
  })

  it('accepts a signal after its end, before we learn of the end', async () => {
    const own = await ownRedis()
    process.kill(own.pid, 'SIGKILL')
    // Blocks our own process, which learns of the death only afterwards.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
    expect(() => own.resume()).not.toThrow()
  })

  it('also stops while paused, and leaves the data in a given folder', async () => {
    const dir = await folder()
    const own = await startOwnRedis({ dir })
    own.pause()
    await own.stop()
    expect(isAlive(own.pid)).toBe(false)
    expect(existsSync(join(dir, 'appendonlydir'))).toBe(true)
  })
})

async function ownRedis() {
  const own = await startOwnRedis()
  cleanUps.push(own.stop)
  return own
}

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'services-'))
  cleanUps.push(() => rm(dir, { recursive: true, force: true }))
  return dir
}

async function place(env: NodeJS.ProcessEnv) {
  return { env, log, namespace, localDir: await folder() }
}

async function onRedis<Result>(url: string, ask: (redis: Redis) => Promise<Result>) {
  const redis = new Redis(url)
  try {
    return await ask(redis)
  } finally {
    redis.disconnect()
  }
}

async function onMongo<Result>(
  url: string,
  ask: (collection: mongoose.Collection) => Promise<Result>,
) {
  const connection = await mongoose.createConnection(`${url}/services`).asPromise()
  try {
    return await ask(connection.collection('kept'))
  } finally {
    await connection.close()
  }
}

const portOf = (url: string) => Number(new URL(url).port)

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function untilFalse(ask: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 8000
  while (await ask()) {
    if (Date.now() > deadline) throw new Error('unchanged after 8 seconds')
    await sleep(50)
  }
}

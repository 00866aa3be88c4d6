import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { Redis } from 'ioredis'
import { startOwnRedis } from '../../../tools/services/own-instances.ts'
import { startTcpProxy } from '../../../tools/testing/tcp-proxy.ts'
import { openRedis } from './redis/open-redis.ts'
import {
  cookieOf,
  pause,
  sessionIdOf,
  startTestApp,
  type Answer,
  keepBusy,
  makeHot,
} from './test-app.fixture.ts'

let redisServer: Awaited<ReturnType<typeof startOwnRedis>>
beforeAll(async () => {
  redisServer = await startOwnRedis()
})
afterAll(() => redisServer.stop())

/** A guard answers within 250 ms. The rest allows for a machine busy with other tests. */
const PROMPTLY = 400

const clients = {
  openRedis: (url: string) => openRedis(url, () => undefined),
  'ioredis with its defaults': (url: string) => new Redis(url).on('error', () => undefined),
} as const

/**
 * How Redis goes down and comes back, the time to recover within, ms, and whether its connections
 * stay open and silent.
 */
const faults = {
  'killed with -9': {
    takeDown: () => redisServer.kill(),
    back: () => redisServer.restart(),
    within: 1000,
    isSilent: false,
  },
  stopped: {
    takeDown: () => redisServer.pause(),
    back: () => redisServer.resume(),
    within: 1000,
    isSilent: true,
  },
  'behind a port that refuses connections': {
    takeDown: () => proxy.refuse(),
    back: () => proxy.heal(),
    within: 1000,
    isSilent: false,
  },
  'behind a network that delays everything': {
    takeDown: () => proxy.hold(),
    back: () => proxy.heal(),
    within: 1000,
    isSilent: true,
  },
  'behind a firewall that drops everything': {
    takeDown: () => proxy.drop(),
    back: () => proxy.heal(),
    within: 2000,
    isSilent: true,
  },
} as const

let proxy: Awaited<ReturnType<typeof startTcpProxy>>
let redis: ReturnType<typeof openRedis>
let app: Awaited<ReturnType<typeof startTestApp>>

async function start(client: keyof typeof clients): Promise<void> {
  proxy = await startTcpProxy(redisServer)
  redis = clients[client](proxy.url)
  app = await startTestApp({
    redis,
    publicUrl: 'http://localhost',
    routes: (app) => {
      app.get('/slow', (_req, res, next) => {
        pause(150).then(() => res.json({ ok: true }), next)
      })
    },
  })
}

afterEach(async () => {
  redisServer.resume()
  await app.close()
  redis.disconnect()
  await proxy.stop()
})

function expectUnavailable(answer: Answer): void {
  expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '1' } })
  expect(JSON.parse(answer.text)).toMatchObject({ status: 503, code: 'sessions_unavailable' })
  expect(answer.headers['set-cookie']).toBeUndefined()
}

/** Requests of signed-in users, 20 at a time, for about two seconds. */
async function askForAWhile(cookie: string): Promise<(Answer & { sentAfter: number })[]> {
  const start = performance.now()
  const answers: (Answer & { sentAfter: number })[] = []
  for (let batch = 0; batch < 25; batch += 1) {
    const sentAfter = performance.now() - start
    const asked = Array.from({ length: 20 }, () => app.send('GET', '/me', { cookie }))
    answers.push(...(await Promise.all(asked)).map((answer) => ({ ...answer, sentAfter })))
    await pause(50)
  }
  return answers
}

/** How long a cached session is honoured while Redis is silent, ms; see F2. */
const HOT_MS = 1000

/** Waits until the user is recognized again and returns the time it took, ms. */
async function timeUntilKnown(cookie: string): Promise<number> {
  const start = performance.now()
  while ((await app.send('GET', '/me', { cookie })).status !== 200) {
    if (performance.now() - start > 10_000) throw new Error('not back in 10 s')
    await pause(20)
  }
  return performance.now() - start
}

function queuedCommands(): number {
  const queues = ['commandQueue', 'offlineQueue'].map((name): unknown => Reflect.get(redis, name))
  return queues.reduce<number>((sum, queue) => sum + Number(Object(queue).length ?? 0), 0)
}

describe.each(Object.keys(clients))('a guard with %s', (name) => {
  beforeEach(() => start(name === 'openRedis' ? name : 'ioredis with its defaults'))

  it.each(Object.entries(faults))(
    'answers 503 while Redis is %s, at once or within a second if it is silent, and recovers quickly (C4, R62, F1, F2, N4)',
    async (_, { takeDown, back, within, isSilent }) => {
      const cookie = await app.signIn()
      await makeHot(app, cookie)
      await takeDown()
      const answers = await askForAWhile(cookie)
      const queued = queuedCommands()
      // Before any assertion can fail: the next test needs Redis, too.
      await back()
      // Allows 50 ms for cutting the link and for a busy machine.
      const late = answers.filter(({ sentAfter }) => sentAfter > (isSilent ? HOT_MS : 0) + 50)
      answers.filter(({ status }) => status !== 200).forEach(expectUnavailable)
      late.forEach(expectUnavailable)
      expect(late.length).toBeGreaterThan(100)
      expect(Math.max(...answers.map(({ took }) => took))).toBeLessThan(PROMPTLY)
      expect(queued).toBeLessThan(100)
      expect(await timeUntilKnown(cookie)).toBeLessThan(within)
    },
  )

  it.each(Object.entries(faults))(
    'still answers 401 to a visitor without a session while Redis is %s, and 503 to a sign-in',
    async (_, { takeDown, back }) => {
      await app.signIn()
      await takeDown()
      const visitor = await app.send('GET', '/me')
      const signIn = await app.send('POST', '/login')
      await back()
      expect(visitor.status).toBe(401)
      expectUnavailable(signIn)
      expect(signIn.took).toBeLessThan(PROMPTLY)
      await timeUntilKnown(await signInAgain())
    },
  )

  it.each(['killed with -9', 'stopped'] as const)(
    'answers 503 if the session can no longer be saved because Redis is %s',
    async (fault) => {
      const cookie = await app.signIn()
      const asked = app.send('POST', '/fields?late=yes&after=150', { cookie })
      await pause(50)
      await faults[fault].takeDown()
      const answer = await asked
      await faults[fault].back()
      expectUnavailable(answer)
      expect(answer.took).toBeLessThan(150 + PROMPTLY)
      await timeUntilKnown(cookie)
    },
  )

  it('answers normally if only renewing the session fails', async () => {
    const cookie = await app.signIn()
    const key = `sess:${sessionIdOf(cookie)}`
    const earlier = `"lastUsedAt":${Date.now() - 120_000}`
    await redis.set(key, String(await redis.get(key)).replace(/"lastUsedAt":\d+/, earlier))
    const asked = app.send('GET', '/slow', { cookie })
    await pause(50)
    await redisServer.kill()
    const answer = await Promise.race([asked, pause(1000)])
    await redisServer.restart()
    expect(answer).toMatchObject({ status: 200, text: '{"ok":true}' })
  })

  async function signInAgain(): Promise<string> {
    for (let attempt = 0; attempt < 500; attempt += 1) {
      await pause(20)
      const cookie = cookieOf(await app.send('POST', '/login'))
      if (cookie !== '') return cookie
    }
    throw new Error('no sign-in in 10 s')
  }
})

describe('a guard', () => {
  beforeEach(() => start('ioredis with its defaults'))

  it('answers 503, never 401, after the store emits "disconnect" (C3)', async () => {
    const cookie = await app.signIn()
    app.store.emit('disconnect')
    expectUnavailable(await app.send('GET', '/me', { cookie }))
    expectUnavailable(await app.send('GET', '/', { cookie }))
    app.store.emit('connect')
    expect((await app.send('GET', '/me', { cookie })).status).toBe(200)
  })

  it('waits for a Redis that is only slow', async () => {
    const cookie = await app.signIn()
    proxy.delay(30)
    expect((await app.send('GET', '/me', { cookie })).status).toBe(200)
  })

  it('does not mistake a busy process for a Redis that is down', async () => {
    const direct = new Redis(redisServer.url)
    await direct.ping()
    const busy = await startTestApp({
      redis: direct,
      publicUrl: 'http://localhost',
      before: [
        (_req, _res, next) => {
          setImmediate(keepBusy, 300)
          next()
        },
      ],
    })
    const cookie = await app.signIn()
    expect((await busy.send('GET', '/me', { cookie })).status).toBe(200)
    await busy.close()
    direct.disconnect()
  })

  it('waits for a connection attempt in progress', async () => {
    const cookie = await app.signIn()
    proxy.cut()
    await pause(20)
    await timeUntilKnown(cookie)
    const fresh = new Redis(proxy.url, { lazyConnect: true })
    const other = await startTestApp({ redis: fresh, publicUrl: 'http://localhost' })
    const asked = Array.from({ length: 50 }, () => other.send('GET', '/me', { cookie }))
    for (const answer of await Promise.all(asked)) expect(answer.status).toBe(200)
    await other.close()
    fresh.disconnect()
  })

  it('does not wait for the next attempt of ioredis, which may take 5 s (N4)', async () => {
    const patient = new Redis(proxy.url, { retryStrategy: () => 5000 }).on('error', () => undefined)
    const other = await startTestApp({ redis: patient, publicUrl: 'http://localhost' })
    const cookie = await other.signIn()
    await proxy.refuse()
    await pause(50)
    expectUnavailable(await other.send('GET', '/me', { cookie }))
    await proxy.heal()
    await pause(500)
    await other.send('GET', '/me', { cookie })
    expect((await other.send('GET', '/me', { cookie })).status).toBe(200)
    await other.close()
    patient.disconnect()
  })

  it('does not reopen a client that the app closed', async () => {
    const cookie = await app.signIn()
    await redisServer.kill()
    for (let attempt = 0; attempt < 10; attempt += 1) {
      expectUnavailable(await app.send('GET', '/me', { cookie }))
      await pause(100)
    }
    redis.disconnect()
    await redisServer.restart()
    await pause(1200)
    expectUnavailable(await app.send('GET', '/me', { cookie }))
    await pause(100)
    expect(redis.status).not.toBe('ready')
  })
})

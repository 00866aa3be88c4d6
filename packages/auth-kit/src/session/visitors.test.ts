import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startOwnRedis } from '../../../../tools/services/own-instances.ts'
import { openRedis } from '../redis/open-redis.ts'
import { ADA, cookieOf, pause, startTestApp } from '../test-app.fixture.ts'
import { newStore } from './new-store.fixture.ts'

const HOUR_MS = 3_600_000
const ofAda = () => ({ passport: { user: ADA } })

describe('a session without a user', () => {
  it('ends after two hours without use, unlike a user’s (R24)', async () => {
    const { store, prefix, redis } = newStore()
    await store.addSession('visitor', {})
    await store.addSession('ada', ofAda())
    const ttl = await redis.pttl(`${prefix}visitor`)
    expect(ttl).toBeGreaterThan(2 * HOUR_MS - 5000)
    expect(ttl).toBeLessThanOrEqual(2 * HOUR_MS)
    expect(await redis.pttl(`${prefix}ada`)).toBeGreaterThan(13 * 24 * HOUR_MS)
  })

  it('ends after `visitorHours`, at most after `idleDays`', async () => {
    const { store, prefix, redis } = newStore({ visitorHours: 5 })
    await store.addSession('visitor', {})
    expect(await redis.pttl(`${prefix}visitor`)).toBeGreaterThan(4 * HOUR_MS)
    const short = newStore({ visitorHours: 5, idleDays: 1 / 24 })
    await short.store.addSession('visitor', {})
    expect(await redis.pttl(`${short.prefix}visitor`)).toBeLessThanOrEqual(HOUR_MS)
    expect(() => newStore({ visitorHours: 0 })).toThrow(/visitorHours/)
  })

  it('gets the normal lifetime once a user signs in with it', async () => {
    const { store, prefix, redis } = newStore()
    await store.addSession('one', {})
    const session = await store.getSession('one')
    await store.updateSession('one', Object.assign(session ?? {}, ofAda()))
    expect(await redis.pttl(`${prefix}one`)).toBeGreaterThan(13 * 24 * HOUR_MS)
  })
})

describe('a session larger than 64 KB', () => {
  const large = Object.assign(ofAda(), { notes: 'é'.repeat(33_000), colour: 'red' })
  const problem = /would take \d+ bytes; the limit is 65536.* notes \(66002 bytes\)/

  it('can neither be added nor result from an update; the error names the field', async () => {
    const { store } = newStore()
    await expect(store.addSession('one', large)).rejects.toThrow(problem)
    expect(await store.getSession('one')).toBeNull()
    await store.addSession('two', Object.assign(ofAda(), { colour: 'blue' }))
    const session = await store.getSession('two')
    const change = store.updateSession('two', Object.assign(session ?? {}, large))
    await expect(change).rejects.toThrow(problem)
    expect(await store.getSession('two')).toMatchObject({ colour: 'blue' })
  })

  it('cannot result from concurrent updates', async () => {
    const { store } = newStore()
    await store.addSession('one', {})
    const loaded = await Promise.all([store.getSession('one'), store.getSession('one')])
    const changes = loaded.map((session, at) =>
      store.updateSession(
        'one',
        Object.assign(session ?? {}, { [`half-${at}`]: 'x'.repeat(40_000) }),
      ),
    )
    const outcomes = (await Promise.allSettled(changes)).map(({ status }) => status)
    expect(outcomes.toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  it('causes an error for the app’s own error handler, not for its users', async () => {
    const { prefix, redis } = newStore()
    const errors: unknown[] = []
    const app = await startTestApp({
      redis,
      prefix,
      routes: (routes) => {
        routes.post('/large', (req, res) => void res.json(Object.assign(req.session, large)))
        routes.use(
          (error: unknown, _req: unknown, _res: unknown, next: (error: unknown) => void) => {
            errors.push(error)
            next(error)
          },
        )
      },
    })
    expect((await app.send('POST', '/large')).status).toBe(500)
    expect(errors).toEqual([expect.objectContaining({ message: expect.stringMatching(problem) })])
    await app.close()
  })
})

describe('a Redis that is nearly full', () => {
  let redisServer: Awaited<ReturnType<typeof startOwnRedis>>
  let redis: ReturnType<typeof openRedis>
  let app: Awaited<ReturnType<typeof startTestApp>>

  beforeAll(async () => {
    redisServer = await startOwnRedis()
    redis = openRedis(redisServer.url, () => undefined)
    while (redis.status !== 'ready') await pause(20)
    app = await startTestApp({ redis, publicUrl: 'http://localhost' })
  })
  afterAll(async () => {
    await app.close()
    redis.disconnect()
    await redisServer.stop()
  })

  async function fillTo(share: number): Promise<void> {
    await redis.config('SET', 'maxmemory', '0')
    await redis.set('filling', 'x'.repeat(20_000_000))
    const used = Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1])
    await redis.config('SET', 'maxmemory', String(Math.round(used / share)))
  }

  it('refuses visitors’ sessions first, and still signs users in (F6)', async () => {
    await fillTo(0.5)
    const early = await app.send('POST', '/fields?item=tea')
    expect(early.status).toBe(200)
    await fillTo(0.95)
    const late = await app.send('POST', '/fields?item=tea')
    expect(late).toMatchObject({ status: 503, headers: { 'retry-after': '1' } })
    const grown = await app.send('POST', '/fields?item=cake', { cookie: cookieOf(early) })
    expect(grown.status).toBe(503)
    expect((await app.send('GET', '/session', { cookie: cookieOf(early) })).text).toContain('tea')
    const cookie = await app.signIn()
    expect((await app.send('POST', '/fields?item=tea', { cookie })).status).toBe(200)
    expect((await app.send('GET', '/me', { cookie })).status).toBe(200)
  })
})

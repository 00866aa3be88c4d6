import { describe, expect, it } from '@jest/globals'
import { Redis } from 'ioredis'
import {
  ask,
  commands,
  elsewhere,
  here,
  hotSession,
  isOn,
  operator,
  redis,
  redisServer,
  signOut,
  until,
} from './hot-session.fixture.ts'
import { ADA, pause, startTestApp } from './test-app.fixture.ts'

describe('a cached session', () => {
  it('is read without a call to Redis', async () => {
    const cookie = await hotSession()
    const before = await commands()
    const answers = await Promise.all(Array.from({ length: 200 }, () => ask(here, cookie)))
    expect(new Set(answers.map(({ text }) => text))).toEqual(
      new Set([JSON.stringify({ user: ADA })]),
    )
    expect(await commands()).toBe(before)
  })

  it('is read once for many concurrent requests that miss it', async () => {
    await hotSession()
    const cookie = await elsewhere.signIn()
    const before = await commands()
    await Promise.all(Array.from({ length: 50 }, () => ask(here, cookie)))
    // The session, its tombstone, its remaining lifetime, and the count of ends.
    expect(await commands()).toBe(before + 4)
  })

  it('is read from Redis on every request if the cache is off', async () => {
    const cookie = await elsewhere.signIn()
    const before = await commands()
    for (let count = 0; count < 10; count += 1) await ask(elsewhere, cookie)
    expect(await commands()).toBeGreaterThanOrEqual(before + 10)
    expect(elsewhere.store.cacheStats()).toBeNull()
  })

  it('does not change if a route changes its copy', async () => {
    const cookie = await hotSession()
    expect((await here.send('POST', '/spoil', { cookie })).text).toBe('{"spoiled":"eve"}')
    expect(JSON.parse((await ask(here, cookie)).text)).toEqual({ user: ADA })
  })

  it('shows the changes of other servers, and its own at once', async () => {
    const cookie = await hotSession()
    for (let round = 0; round < 50; round += 1) {
      const app = round % 2 === 0 ? here : elsewhere
      await app.send('POST', `/fields?round=${round}`, { cookie })
      if (app === elsewhere) await pause(20)
      const { text } = await here.send('GET', '/session', { cookie })
      expect(JSON.parse(text)).toMatchObject({ round: String(round) })
    }
  })

  it('ends on the server that answers the sign-out as soon as it answers (R25, N2)', async () => {
    for (let round = 0; round < 50; round += 1) {
      const cookie = await hotSession()
      const racing = Array.from({ length: 5 }, () => ask(here, cookie))
      expect((await signOut(here, cookie)).status).toBe(200)
      expect((await ask(here, cookie)).status).not.toBe(200)
      await Promise.all(racing)
    }
  })

  it('does not outlive its expiry in Redis, even if Redis reports it late (R24)', async () => {
    await operator.call('DEBUG', 'SET-ACTIVE-EXPIRE', '0')
    const days = 1 / 86_400
    const short = await startTestApp({ redis, publicUrl: 'http://localhost', absoluteDays: days })
    const cookie = await short.signIn()
    const signedInAt = performance.now()
    await ask(short, cookie)
    await until(() => isOn(short))
    let honouredUntil = 0
    while (performance.now() - signedInAt < 1500) {
      if ((await ask(short, cookie)).status === 200) honouredUntil = performance.now() - signedInAt
    }
    await operator.call('DEBUG', 'SET-ACTIVE-EXPIRE', '1')
    await short.close()
    expect(honouredUntil).toBeGreaterThan(500)
    expect(honouredUntil).toBeLessThan(1050)
  })
})

describe('a session cache whose Redis user may not track changes', () => {
  it('stays off and reports it once; sessions work as without a cache', async () => {
    await operator.call('ACL', 'SETUSER', 'shop', 'on', '>pw', '~*', '+@all', 'resetchannels')
    const url = redisServer.url.replace('redis://', 'redis://shop:pw@')
    const restricted = new Redis(url)
    const reasons: string[] = []
    const shop = await startTestApp({
      redis: restricted,
      publicUrl: 'http://localhost',
      onCacheOff: (reason) => reasons.push(reason),
    })
    const cookie = await shop.signIn()
    await ask(shop, cookie)
    await until(() => reasons.length > 0)
    for (let count = 0; count < 20; count += 1) {
      expect((await ask(shop, cookie)).status).toBe(200)
      await pause(30)
    }
    expect(isOn(shop)).toBe(false)
    expect(reasons).toEqual([expect.stringMatching(/NOPERM.*channel/)])
    await signOut(elsewhere, cookie)
    expect((await ask(shop, cookie)).status).toBe(401)
    await shop.close()
    restricted.disconnect()
  })
})

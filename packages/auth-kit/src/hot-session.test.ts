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

describe('a session that was looked at before', () => {
  it('costs Redis no question', async () => {
    const cookie = await hotSession()
    const before = await commands()
    const answers = await Promise.all(Array.from({ length: 200 }, () => ask(here, cookie)))
    expect(new Set(answers.map(({ text }) => text))).toEqual(
      new Set([JSON.stringify({ user: ADA })]),
    )
    expect(await commands()).toBe(before)
  })

  it('is read once by many requests at once that find it cold', async () => {
    await hotSession()
    const cookie = await elsewhere.signIn()
    const before = await commands()
    await Promise.all(Array.from({ length: 50 }, () => ask(here, cookie)))
    // The session, its tombstone, and how long it lives on.
    expect(await commands()).toBe(before + 3)
  })

  it('is asked about each time without the cache', async () => {
    const cookie = await elsewhere.signIn()
    const before = await commands()
    for (let count = 0; count < 10; count += 1) await ask(elsewhere, cookie)
    expect(await commands()).toBeGreaterThanOrEqual(before + 10)
    expect(elsewhere.store.cacheStats()).toBeNull()
  })

  it('cannot be changed in memory by what a route does to what it was given', async () => {
    const cookie = await hotSession()
    expect((await here.send('POST', '/spoil', { cookie })).text).toBe('{"spoiled":"eve"}')
    expect(JSON.parse((await ask(here, cookie)).text)).toEqual({ user: ADA })
  })

  it('shows what another server changed in it, and its own changes at once', async () => {
    const cookie = await hotSession()
    for (let round = 0; round < 50; round += 1) {
      const app = round % 2 === 0 ? here : elsewhere
      await app.send('POST', `/fields?round=${round}`, { cookie })
      if (app === elsewhere) await pause(20)
      const { text } = await here.send('GET', '/session', { cookie })
      expect(JSON.parse(text)).toMatchObject({ round: String(round) })
    }
  })

  it('ends with the answer to the sign-out on the server that answers it (R25, N2)', async () => {
    for (let round = 0; round < 50; round += 1) {
      const cookie = await hotSession()
      const racing = Array.from({ length: 5 }, () => ask(here, cookie))
      expect((await signOut(here, cookie)).status).toBe(200)
      expect((await ask(here, cookie)).status).not.toBe(200)
      await Promise.all(racing)
    }
  })

  it('does not outlive its end in Redis, which Redis announces late (R24)', async () => {
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

describe('a cache that cannot be told of changes', () => {
  it('is left out, which is said once, and sessions are honoured and ended as without it', async () => {
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

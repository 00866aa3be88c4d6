import { describe, expect, it } from '@jest/globals'
import {
  ask,
  direct,
  elsewhere,
  here,
  hotSession,
  isOn,
  killTracking,
  proxy,
  redisServer,
  signOut,
  until,
} from './hot-session.fixture.ts'
import { pause, sessionIdOf } from './test-app.fixture.ts'

/** Marks the connection on which Redis reports changes. */
const TRACKING = 'TRACKING'

describe('a session that ends elsewhere', () => {
  it('is not honoured after its end was reported, even while requests race it (N2)', async () => {
    const receivedAt = new Map<string, number>()
    await hotSession()
    here.store.onChange((change) => {
      if (change !== 'any' && 'sessionId' in change)
        receivedAt.set(change.sessionId, performance.now())
    })
    let honouredLate = 0
    let raced = 0
    for (let round = 0; round < 40; round += 1) {
      const cookie = await elsewhere.signIn()
      await ask(here, cookie)
      receivedAt.delete(sessionIdOf(cookie))
      const news = () => receivedAt.get(sessionIdOf(cookie)) ?? Number.POSITIVE_INFINITY
      const signedOut = signOut(elsewhere, cookie)
      while (news() > performance.now()) {
        const sentAt = performance.now()
        const { status } = await ask(here, cookie)
        raced += 1
        if (status === 200 && sentAt > news()) honouredLate += 1
      }
      await signedOut
      const after = await Promise.all(Array.from({ length: 10 }, () => ask(here, cookie)))
      honouredLate += after.filter(({ status }) => status === 200).length
    }
    expect(honouredLate).toBe(0)
    expect(raced).toBeGreaterThan(40)
  })

  it('is not cached from an answer that its end overtook (C28)', async () => {
    await hotSession()
    const cookie = await elsewhere.signIn()
    proxy.holdAnswersWhere('getrange')
    const held = ask(here, cookie)
    await pause(30)
    await signOut(elsewhere, cookie)
    await pause(30)
    await proxy.heal()
    // This request was in progress when the session ended.
    expect((await held).status).toBe(200)
    expect((await ask(here, cookie)).status).toBe(401)
  })

  it('is not honoured for a request that joins an overtaken read (C28)', async () => {
    await hotSession()
    const cookie = await elsewhere.signIn()
    proxy.holdAnswersWhere('getrange')
    const held = ask(here, cookie)
    await pause(30)
    await signOut(elsewhere, cookie)
    await pause(30)
    const late = ask(here, cookie)
    await pause(30)
    await proxy.heal()
    await held
    // May be 503 if the machine is too busy to answer in 200 ms.
    expect((await late).status).not.toBe(200)
  })

  it('is not honoured 100 ms after the tracking connection was cut (F3)', async () => {
    for (let round = 0; round < 5; round += 1) {
      const cookie = await hotSession()
      await killTracking()
      await signOut(elsewhere, cookie)
      await pause(50)
      expect((await ask(here, cookie)).status).toBe(401)
      await until(() => isOn(here))
      expect((await ask(here, cookie)).status).toBe(401)
    }
  })

  it('is not honoured for more than a second while the tracking connection is silent (F4)', async () => {
    const cookie = await hotSession()
    proxy.dropWhere(TRACKING)
    await signOut(elsewhere, cookie)
    const endedAt = performance.now()
    let honoured = 0
    let honouredUntil = 0
    while (performance.now() - endedAt < 1600) {
      if ((await ask(here, cookie)).status === 200) {
        honoured += 1
        honouredUntil = performance.now() - endedAt
      }
    }
    // Proves that the report was lost.
    expect(honoured).toBeGreaterThan(10)
    expect(honouredUntil).toBeLessThan(1050)
    await until(() => isOn(here))
  })

  it('stays ended after Redis is killed with -9 three times (N3, F5)', async () => {
    await hotSession()
    for (let round = 0; round < 3; round += 1) {
      const cookies = await Promise.all(Array.from({ length: 30 }, () => elsewhere.signIn()))
      await Promise.all(cookies.map((cookie) => ask(here, cookie)))
      await Promise.all(cookies.map((cookie) => signOut(elsewhere, cookie)))
      await redisServer.kill()
      const down = await Promise.all(cookies.map((cookie) => ask(here, cookie)))
      expect(down.filter(({ status }) => status === 200)).toEqual([])
      await redisServer.restart()
      await until(() => isOn(here) && direct.status === 'ready')
      const back = await Promise.all(cookies.map((cookie) => ask(here, cookie)))
      expect(back.filter(({ status }) => status !== 401)).toEqual([])
    }
  }, 20_000)
})

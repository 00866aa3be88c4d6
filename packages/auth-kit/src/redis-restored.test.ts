import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import {
  startRedisWithBackups,
  type RedisWithBackups,
} from '../../../tools/testing/redis-backups.ts'
import { endCounts, openRedis } from './session.ts'
import { ADA, pause, startTestApp } from './test-app.fixture.ts'

type Server = Awaited<ReturnType<typeof openServer>>

let instance: RedisWithBackups
let here: Server
let elsewhere: Server
let running: Set<Server>

beforeAll(async () => {
  instance = await startRedisWithBackups()
})
afterAll(async () => {
  await instance.stop()
})

beforeEach(async () => {
  running = new Set()
  here = await startServer()
  elsewhere = await startServer()
  await here.redis.flushall()
})
afterEach(async () => {
  await Promise.all([...running].map(stop))
})

async function startServer(): Promise<Server> {
  const server = await openServer()
  running.add(server)
  await untilBack()
  return server
}

async function stop(server: Server): Promise<void> {
  running.delete(server)
  await server.close()
}

async function openServer() {
  const redis = openRedis(instance.url, () => undefined)
  const app = await startTestApp({ redis, publicUrl: 'http://localhost' })
  return {
    ...app,
    redis,
    counts: endCounts({ redis }),
    ask: (cookie: string) => app.send('GET', '/me', { cookie }),
    signOut: (cookie: string) => app.send('POST', '/logout', { cookie }),
    async close() {
      await app.close()
      app.auth.close()
      redis.disconnect()
    },
  }
}

async function restore(backup: { restore: () => Promise<void> }): Promise<void> {
  await backup.restore()
  await untilBack()
}

async function untilBack(): Promise<void> {
  const start = performance.now()
  while ([...running].some(({ redis }) => redis.status !== 'ready')) {
    if (performance.now() - start > 5000) throw new Error('no Redis in 5 s')
    await pause(10)
  }
}

describe('a Redis that was restored from a backup', () => {
  it('honours no session until the hold is released (F5)', async () => {
    const [ended, live] = [await here.signIn(), await here.signIn()]
    const backup = await instance.backUp()
    await here.signOut(ended)
    await restore(backup)

    const answer = await here.ask(ended)
    expect(answer.status).toBe(503)
    expect(answer.headers['retry-after']).toBe('5')
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'sessions_on_hold' })
    for (const server of [here, elsewhere, await startServer()]) {
      expect((await server.ask(ended)).status).toBe(503)
      expect((await server.ask(live)).status).toBe(503)
      expect((await server.send('POST', '/login')).status).toBe(503)
      expect(await server.counts.isOnHold()).toBe(true)
    }

    await elsewhere.store.endAllSessions()
    expect(await elsewhere.counts.release()).toBe(true)
    expect(await elsewhere.counts.release()).toBe(false)
    for (const server of [here, elsewhere]) {
      expect((await server.ask(ended)).status).toBe(401)
      expect((await server.ask(live)).status).toBe(401)
      expect((await server.ask(await server.signIn())).status).toBe(200)
    }
  })

  it('is recognised if it lost an end of all sessions of a user (F5)', async () => {
    const cookie = await here.signIn()
    const backup = await instance.backUp()
    await here.store.endSessions(ADA.id)
    await restore(backup)
    expect((await here.ask(cookie)).status).toBe(503)
  })

  it('is recognised by a server that was given the count (F5)', async () => {
    const cookie = await here.signIn()
    const backup = await instance.backUp()
    await here.signOut(cookie)
    elsewhere.counts.learn(here.counts.known())
    await stop(here)
    await restore(backup)
    await elsewhere.counts.check()
    expect(await elsewhere.counts.isOnHold()).toBe(true)
    expect((await elsewhere.ask(cookie)).status).toBe(503)
  })

  it('is recognised again if the same backup is restored twice (F5)', async () => {
    const cookie = await here.signIn()
    const backup = await instance.backUp()
    await here.signOut(cookie)
    for (let round = 0; round < 2; round += 1) {
      await restore(backup)
      expect((await here.ask(cookie)).status).toBe(503)
      await here.store.endAllSessions()
      await here.counts.release()
      expect((await here.ask(cookie)).status).toBe(401)
    }
  })

  it('goes on if nothing ended after the backup (F5)', async () => {
    await here.signOut(await here.signIn())
    const cookie = await here.signIn()
    const backup = await instance.backUp()
    await restore(backup)
    expect((await here.ask(cookie)).status).toBe(200)
    expect((await elsewhere.ask(cookie)).status).toBe(200)
  })
})

describe('a Redis that crashed', () => {
  it('goes on if it lost nothing (F5)', async () => {
    const [ended, live] = [await here.signIn(), await here.signIn()]
    await here.signOut(ended)
    await instance.kill()
    await instance.restart()
    await untilBack()
    expect((await here.ask(live)).status).toBe(200)
    expect((await here.ask(ended)).status).toBe(401)
  })
})

describe('an empty Redis', () => {
  it('is a new one: people sign in again (F6)', async () => {
    const cookie = await here.signIn()
    await here.signOut(await here.signIn())
    await here.redis.flushall()
    await here.counts.check()
    expect((await here.ask(cookie)).status).toBe(401)
    expect((await here.ask(await here.signIn())).status).toBe(200)
    expect(await here.counts.isOnHold()).toBe(false)
  })
})

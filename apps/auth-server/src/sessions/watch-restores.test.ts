import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { createSessionStore } from 'auth-kit/session'
import { createLogger } from 'service-kit'
import request from 'supertest'
import {
  type RedisWithBackups,
  startRedisWithBackups,
} from '../../../../tools/testing/redis-backups.ts'
import { testMongoUrl } from '../../../../tools/testing/test-services.ts'
import { startTestApp } from '../../testing/auth-server.fixture.ts'
import { sessionStatus, signedIn } from '../../testing/signed-in.fixture.ts'
import { connectMongo, type MongoConnection } from '../storage/connect-mongo.ts'
import { endCountModel } from './end-count.model.ts'
import { watchRestores } from './watch-restores.ts'

type Server = Awaited<ReturnType<typeof startServer>>

let redis: RedisWithBackups
let mongoUrl: string
let mongo: MongoConnection
let server: Server

beforeEach(async () => {
  redis = await startRedisWithBackups()
  mongoUrl = testMongoUrl()
  mongo = await connectMongo(mongoUrl)
})
afterEach(async () => {
  await server.close()
  await mongo.dropDatabase()
  await mongo.close()
  await redis.stop()
})

async function startServer(onRestore: 'end' | 'hold') {
  const beside = { keyPrefix: '', config: { mongoUrl, mailSecrets: ['a secret for these tests'] } }
  const app = await startTestApp(
    { SESSION_SECRETS: 'a session secret that outlives a server' },
    { redisUrl: redis.url, beside },
  )
  const watch = await watchRestores({
    ...app,
    store: createSessionStore({ redis: app.redis, cache: false }),
    endCountRecords: endCountModel(mongo),
    onRestore,
    logger: createLogger({ name: 'test', level: 'silent', pretty: false }),
  })
  return {
    ...app,
    signIn: async () => signedIn(app, (await app.addUser()).username),
    status: (cookie: string) => sessionStatus(app, cookie),
    signOut: (cookie: string) => request(app.app).post('/logout').set('Cookie', cookie),
    results: async () =>
      (await app.audited({ event: 'redis_restored' })).map(({ details }) => details.result),
    async close() {
      await watch.stop()
      await app.close()
    },
  }
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const start = performance.now()
  while (!(await condition().catch(() => false))) {
    if (performance.now() - start > 8000) throw new Error('not in 8 s')
    await sleep(50)
  }
}

describe('ON_RESTORE=end', () => {
  it('ends all sessions when Redis was restored from a backup (F5)', async () => {
    server = await startServer('end')
    const [ended, live] = [await server.signIn(), await server.signIn()]
    const backup = await redis.backUp()
    await server.signOut(ended)
    await backup.restore()

    await until(async () => (await server.status(live)) === 401)
    expect(await server.status(ended)).toBe(401)
    expect(await server.status(await server.signIn())).toBe(200)
    expect(await server.results()).toEqual(['sessions ended'])
  })

  it('ends them if every server has restarted, too (F5)', async () => {
    server = await startServer('end')
    const ended = await server.signIn()
    const backup = await redis.backUp()
    await server.signOut(ended)
    await until(async () => (await endCountModel(mongo).findOne({ count: 1 })) !== null)
    await server.close()
    await backup.restore()

    server = await startServer('end')
    await until(async () => (await server.results()).includes('sessions ended'))
    expect(await server.status(ended)).toBe(401)
  })
})

describe('ON_RESTORE=hold', () => {
  it('leaves sessions on hold, with the reason (F5)', async () => {
    server = await startServer('hold')
    const cookie = await server.signIn()
    const backup = await redis.backUp()
    await server.signOut(cookie)
    await backup.restore()

    await until(async () => (await server.results()).includes('on hold'))
    await sleep(1200)
    const answer = await request(server.app).get('/session').set('Cookie', cookie)
    expect(answer.status).toBe(503)
    expect(answer.body).toMatchObject({ code: 'sessions_on_hold' })
    expect(await server.results()).toEqual(['on hold'])
  })
})

import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import express from 'express'
import { answerErrors, createLogger } from 'service-kit'
import request from 'supertest'
import { startTcpProxy, type TcpProxy } from '../../../../tools/testing/tcp-proxy.ts'
import { testMongoUrl } from '../../../../tools/testing/test-services.ts'
import { connectMongo, type MongoConnection } from './connect-mongo.ts'
import { createUser } from '../users/create-user.ts'
import { findUserByLogin } from '../users/find-user.ts'
import { newUser, testUsers } from '../../testing/users.fixture.ts'
import { userModel } from '../users/user.model.ts'

let world: Awaited<ReturnType<typeof testUsers>>
let proxy: TcpProxy
let connection: MongoConnection

beforeAll(async () => {
  world = await testUsers()
  proxy = await startTcpProxy({ url: testMongoUrl() })
  connection = await connectMongo(`${proxy.url}/${world.connection.name}`)
})

afterEach(() => proxy.heal())

afterAll(async () => {
  await connection.close()
  await proxy.stop()
  await world.close()
})

// What a user sees while MongoDB is down: an app with one route that reads and one that writes.
function userApp() {
  const users = userModel(connection)
  const app = express()
  app.get('/', async (_req, res) => void res.json(await findUserByLogin(users, 'nobody')))
  app.post('/', async (_req, res) => {
    await createUser({ users, config: world.config }, newUser())
    res.json({})
  })
  const logger = createLogger({ name: 'test', level: 'silent', pretty: false })
  return app.use(answerErrors({ logger, page: () => '' }))
}

async function timed(method: 'get' | 'post') {
  const started = performance.now()
  const { status } = await request(userApp())[method]('/')
  return { status, ms: performance.now() - started }
}

async function expectUnavailable(count: number): Promise<void> {
  const answers = await Promise.all(
    Array.from({ length: count }, (_, i) => timed(i % 2 === 0 ? 'get' : 'post')),
  )
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]))
  expect(Math.max(...answers.map(({ ms }) => ms))).toBeLessThan(2_500)
}

/** A new connection whose server is killed during an operation that is retried at once. */
async function killedDuringOperation(): Promise<MongoConnection> {
  const other = await connectMongo(`${proxy.url}/${world.connection.name}`)
  const ask = () => other.db.command({ ping: 1 })
  await ask()
  // The driver checks a server at most every half second.
  await sleep(1_000)
  proxy.hold()
  const failed = expect(ask().catch(ask)).rejects.toThrow('closed')
  await sleep(100)
  proxy.end()
  await failed
  return other
}

async function recovers(works: () => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + 15_000
  while (performance.now() < deadline) {
    // oxlint-disable-next-line no-await-in-loop
    if (await works()) return true
    // oxlint-disable-next-line no-await-in-loop
    await sleep(50)
  }
  return false
}

describe('connectMongo', () => {
  it('gives up within two seconds if the port is closed', async () => {
    const started = performance.now()
    await expect(connectMongo('mongodb://127.0.0.1:1/none')).rejects.toMatchObject({
      message: 'MongoDB cannot be reached: see MONGO_URL.',
      cause: { message: expect.stringContaining('ECONNREFUSED') },
    })
    expect(performance.now() - started).toBeLessThan(2_500)
  })

  it('waits at startup for a server that is briefly busy', async () => {
    const slow = await startTcpProxy({ url: testMongoUrl() })
    // Server selection succeeds in time; the first connection of the pool is late.
    slow.delay(450)
    const healed = sleep(2_200).then(() => slow.heal())
    const other = await connectMongo(`${slow.url}/${world.connection.name}`)
    expect(await other.db.command({ ping: 1 })).toMatchObject({ ok: 1 })
    await healed
    await other.close()
    await slow.stop()
  })

  it('fails operations within two seconds when the server falls silent, even more than the pool holds (F8, R63)', async () => {
    expect((await timed('get')).status).toBe(200)
    proxy.drop()
    await expectUnavailable(30)
    await expectUnavailable(2)
    await proxy.heal()
  })

  it('fails operations while the port is closed, and recovers when it opens (F7)', async () => {
    await proxy.refuse()
    await expectUnavailable(4)
    await proxy.heal()
    expect(await recovers(async () => (await timed('post')).status === 200)).toBe(true)
  })

  it('recovers after every connection was closed during an operation (F7)', async () => {
    const other = await killedDuringOperation()
    const users = userModel(other)
    await proxy.heal()
    const reads = () =>
      users.countDocuments().then(
        () => true,
        () => false,
      )
    expect(await recovers(reads)).toBe(true)
    await other.close()
  })

  it('recovers from a reset during an operation', async () => {
    proxy.cut()
    const statuses = [(await timed('get')).status, (await timed('get')).status]
    expect(statuses[1]).toBe(200)
  })
})

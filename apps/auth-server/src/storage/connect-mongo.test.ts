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

// The user's way to a store that is away: an app as ours with one route that reads and one that writes.
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

/** A new connection whose server is killed under an operation that is tried again at once. */
async function killedUnderAnOperation(): Promise<MongoConnection> {
  const other = await connectMongo(`${proxy.url}/${world.connection.name}`)
  const ask = () => other.db.command({ ping: 1 })
  await ask()
  // The driver does not look for the server within half a second of the last time.
  await sleep(1_000)
  proxy.hold()
  const failed = expect(ask().catch(ask)).rejects.toThrow('closed')
  await sleep(100)
  proxy.end()
  await failed
  return other
}

async function isBack(isSo: () => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + 15_000
  while (performance.now() < deadline) {
    // oxlint-disable-next-line no-await-in-loop
    if (await isSo()) return true
    // oxlint-disable-next-line no-await-in-loop
    await sleep(50)
  }
  return false
}

describe('connectMongo', () => {
  it('gives up within two seconds where nobody listens', async () => {
    const started = performance.now()
    await expect(connectMongo('mongodb://127.0.0.1:1/none')).rejects.toMatchObject({
      message: 'MongoDB cannot be reached: see MONGO_URL.',
      cause: { message: expect.stringContaining('ECONNREFUSED') },
    })
    expect(performance.now() - started).toBeLessThan(2_500)
  })

  it('waits at the start for a machine that is busy for a moment', async () => {
    const slow = await startTcpProxy({ url: testMongoUrl() })
    // What it takes to find the server passes; the first connection of the pool is late.
    slow.delay(450)
    const healed = sleep(2_200).then(() => slow.heal())
    const other = await connectMongo(`${slow.url}/${world.connection.name}`)
    expect(await other.db.command({ ping: 1 })).toMatchObject({ ok: 1 })
    await healed
    await other.close()
    await slow.stop()
  })

  it('ends operations on a server that falls silent within two seconds, more than the pool holds too (F8, R63)', async () => {
    expect((await timed('get')).status).toBe(200)
    proxy.drop()
    await expectUnavailable(30)
    await expectUnavailable(2)
    await proxy.heal()
  })

  it('ends them where the port is closed, and works again when it opens (F7)', async () => {
    await proxy.refuse()
    await expectUnavailable(4)
    await proxy.heal()
    expect(await isBack(async () => (await timed('post')).status === 200)).toBe(true)
  })

  it('works again after every connection has ended under an operation (F7)', async () => {
    const other = await killedUnderAnOperation()
    const people = userModel(other)
    await proxy.heal()
    const reads = () =>
      people.countDocuments().then(
        () => true,
        () => false,
      )
    expect(await isBack(reads)).toBe(true)
    await other.close()
  })

  it('is reset in the middle of an operation and goes on', async () => {
    proxy.cut()
    const statuses = [(await timed('get')).status, (await timed('get')).status]
    expect(statuses[1]).toBe(200)
  })
})

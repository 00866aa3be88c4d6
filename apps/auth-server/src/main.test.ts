import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { testMongoUrl } from '../../../tools/testing/test-services.ts'
import { startUserService } from '../testing/user-service.fixture.ts'
import { connectMongo, type MongoConnection } from './storage/connect-mongo.ts'
import { childEnv } from '../../../tools/testing/child-env.ts'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
const running = new Set<ChildProcess>()
const password = 'seven quiet rivers meet'
const secret = 'kZ8w3vQx1nR7bT5yU2mP9sD4fG6hJ0aL'
let service: Awaited<ReturnType<typeof startUserService>>
let mongo: MongoConnection
let mongoUrl: string

beforeAll(async () => {
  service = await startUserService()
  await service.add({ username: 'ada', password })
  mongoUrl = testMongoUrl()
  mongo = await connectMongo(mongoUrl)
  // These two make a unique index impossible.
  const twice = [1, 2].map((n) => ({ usernameKey: 'same', emailKey: `${n}@mail.test` }))
  await mongo.db.collection('users').insertMany(twice)
})
afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
})
afterAll(async () => {
  await mongo.dropDatabase()
  await mongo.close()
  await service.close()
})

/** Starts the auth-server as a process. Returns its port, 0 if it ends, and what it has written so far. */
async function start(env: Record<string, string>) {
  const child = spawn(process.execPath, ['-C', 'source', main], {
    env: childEnv({
      REDIS_URL: process.env.REDIS_URL ?? 'redis://127.0.0.1:6379',
      MONGO_URL: mongoUrl,
      NODE_ENV: 'production',
      PORT: '0',
      PUBLIC_URL: 'http://localhost',
      SESSION_SECRETS: secret,
      KEY_ENCRYPTION_KEY: secret,
      METRICS_TOKEN: secret,
      ...env,
    }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  const exited = once(child, 'exit')
  void exited.then(() => running.delete(child))
  const words: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => words.push(line))
  let port = 0
  for await (const line of createInterface({ input: child.stdout })) {
    words.push(line)
    const event: { msg?: string; port?: number } = JSON.parse(line)
    if (event.msg === 'listening') port = event.port ?? 0
    if (port > 0) break
  }
  if (port === 0) await exited
  return { child, port, words: () => words.join('\n') }
}

describe('the auth-server process', () => {
  const elsewhere = (token = service.token) =>
    start({ USER_DIRECTORY_URL: service.url, USER_DIRECTORY_TOKEN: token })

  it('does not listen if user names in the database are not unique (F9)', async () => {
    const mails = {
      MAIL_SECRETS: secret,
      SMTP_URL: 'smtp://127.0.0.1:1',
    }
    const { port, words } = await start(mails)
    expect(port).toBe(0)
    expect(words()).toContain('unique indexes of the users')
  })

  it.each([
    ['MONGO_URL', 'mongodb://u:hunter2@127.0.0.1:1/auth'],
    ['MONGO_URL', 'mongodb://u:hunter2@127.0.0.1:1/auth?unknown=option'],
    ['MONGO_URL', 'mongodb://u:hunter2@127.0.0.1:1'],
    ['MONGO_URL', 'mongodb://u:hunter2/x@127.0.0.1:1/auth'],
    ['REDIS_URL', 'redis://u:hunter2#x@127.0.0.1:1'],
    ['AMQP_URL', 'amqp://u:hunter2?x@127.0.0.1:1'],
    ['SMTP_URL', 'smtp://u:hunter2@x@127.0.0.1:1'],
  ])(
    'R61 does not start with %s=%s, names the setting and tells no password',
    async (name, url) => {
      const { port, words } = await start({
        MAIL_SECRETS: secret,
        SMTP_URL: 'smtp://a:1',
        [name]: url,
      })
      expect(port).toBe(0)
      expect(words()).toContain(name)
      expect(words()).not.toContain('hunter2')
    },
  )

  it('R61 tells no password of a store that is down', async () => {
    const { port, words } = await start({
      USER_DIRECTORY_URL: service.url,
      USER_DIRECTORY_TOKEN: service.token,
      REDIS_URL: 'redis://u:hunter2@127.0.0.1:1',
    })
    expect(port).toBeGreaterThan(0)
    expect(words()).toContain('Redis')
    expect(words()).not.toContain('hunter2')
  })

  it('listens with a user service over the same database, without a mail secret', async () => {
    const { child, port } = await elsewhere()
    const signIn = await fetch(`http://127.0.0.1:${port}/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ username: 'ada', password }),
    })
    expect(signIn.status).toBe(200)
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
  })

  it('reports in /readyz whether the user service answers and accepts its token', async () => {
    const authorization = `Bearer ${secret}`
    const readiness = async ({ port }: { port: number }) =>
      (await fetch(`http://127.0.0.1:${port}/readyz`, { headers: { authorization } })).json()
    const users = (status: string) => ({ dependencies: { users: { status } } })
    expect(await readiness(await elsewhere())).toMatchObject(users('up'))
    expect(await readiness(await elsewhere(randomUUID()))).toMatchObject(users('down'))
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { type OwnInstance, startOwnRedis } from '../../../../../tools/services/own-instances.ts'
import { testMongoUrl } from '../../../../../tools/testing/test-services.ts'
import { startTestApp } from '../../../testing/auth-server.fixture.ts'
import {
  addTestClients,
  pairByPassword,
  refresh,
  type TestServer,
} from '../../../testing/token-clients.fixture.ts'
import { noteCommands, watched } from '../../../testing/watched-commands.fixture.ts'

/** Counts the MongoDB and Redis commands of a request, which shows a slower one on any machine. */
let redis: OwnInstance
let server: TestServer
let noted: ReturnType<typeof noteCommands>
let clients: Awaited<ReturnType<typeof addTestClients>>

beforeAll(async () => {
  redis = await startOwnRedis()
  const env = { MONGO_URL: `${testMongoUrl()}?${watched}` }
  server = await startTestApp(env, { redisUrl: redis.url })
  noted = noteCommands(server.bareApp, server.users.db)
  clients = await addTestClients(server)
})
afterAll(async () => {
  await server.close()
  await redis.stop()
})

async function newPair() {
  const { username } = await server.addUser()
  return await pairByPassword(server, clients.app, username)
}

function post(path: string, client: { id: string; secret: string }, form: object) {
  return request(noted.app).post(path).auth(client.id, client.secret).type('form').send(form)
}

function refreshed(refresh_token: string) {
  return post('/oauth/token', clients.app, { grant_type: 'refresh_token', refresh_token })
}

async function commandsOf(ask: () => PromiseLike<request.Response>) {
  const before = await redisCommands()
  expect((await ask()).status).toBe(200)
  // Without the INFO command itself.
  const inRedis = (await redisCommands()) - before - 1
  // The audit log is written in batches, outside of requests.
  const inMongo = noted.answered.at(-1)?.filter((command) => !command.startsWith('insert audit'))
  return { inMongo, inRedis }
}

async function redisCommands(): Promise<number> {
  const stats = await server.redis.info('stats')
  return Number(/total_commands_processed:(\d+)/.exec(stats)?.[1])
}

describe('POST /oauth/token with a refresh token', () => {
  it('writes the rotation and reads the SSO session, with one Redis command', async () => {
    const { refresh_token } = await newPair()
    const { body } = await refreshed(refresh_token).expect(200)
    const commands = await commandsOf(() => refreshed(body.refresh_token))
    expect(commands).toEqual({ inMongo: ['findAndModify families', 'find sign_ins'], inRedis: 1 })
  })
})

describe('POST /oauth/introspect', () => {
  it('reads the family and the SSO session, with one Redis command', async () => {
    const { access_token: token } = await newPair()
    const introspect = () => post('/oauth/introspect', clients.api, { token })
    // The first use of a secret is recorded, which changes its client.
    await introspect().expect(200)
    await introspect().expect(200)
    const commands = await commandsOf(introspect)
    expect(commands).toEqual({ inMongo: ['find families', 'find sign_ins'], inRedis: 1 })
  })
})

describe('POST /oauth/revoke', () => {
  it('ends the family and reads its user for the audit log', async () => {
    const { refresh_token: token } = await newPair()
    await refresh(server, clients.app, token).expect(200)
    const commands = await commandsOf(() => post('/oauth/revoke', clients.app, { token }))
    expect(commands).toEqual({ inMongo: ['findAndModify families', 'find users'], inRedis: 0 })
  })
})

import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { decodeJwt } from 'jose'
import request from 'supertest'
import { tapLink, type Tap } from '../../../../../faults/tap-link.ts'
import {
  type OwnInstance,
  startOwnMongo,
  startOwnRedis,
} from '../../../../../tools/services/own-instances.ts'
import { startTestApp } from '../../../testing/auth-server.fixture.ts'
import { rotateFamily } from '../families/rotate-family.ts'
import {
  addTestClients,
  pairByPassword,
  passLeeway,
  refresh,
  type TestServer,
  verify,
} from '../../../testing/token-clients.fixture.ts'
import { signedIn } from '../../../testing/signed-in.fixture.ts'

/** The write of a rotation in MongoDB's wire protocol. */
const rotation = '\x02findAndModify\0\x09\0\0\0families\0'
/** The write that ends SSO sessions in MongoDB's wire protocol. */
const ending = '\x02update\0\x09\0\0\0sign_ins\0'
const leewayMs = 1000

let mongo: OwnInstance
let redis: OwnInstance
let tap: Tap
let server: TestServer
let living = ''
let clients: Awaited<ReturnType<typeof addTestClients>>

beforeAll(async () => {
  ;[mongo, redis] = await Promise.all([startOwnMongo(), startOwnRedis()])
  tap = await tapLink(mongo.url)
  const env = { MONGO_URL: `${tap.url}/tokens`, REFRESH_LEEWAY: String(leewayMs / 1000) }
  server = await startTestApp(env, { redisUrl: redis.url })
  clients = await addTestClients(server)
  living = (await newPair()).access_token
}, 120_000)
afterAll(async () => {
  await server.close()
  await tap.close()
  await Promise.all([mongo.stop(), redis.stop()])
})

async function newPair() {
  const { username } = await server.addUser()
  return await pairByPassword(server, clients.app, username)
}

function revoke(token: string) {
  const { id, secret } = clients.app
  return request(server.app).post('/oauth/revoke').auth(id, secret).type('form').send({ token })
}

async function expectOutage(asked: PromiseLike<request.Response>): Promise<void> {
  const start = performance.now()
  const { status, headers } = await asked
  expect(status).toBe(503)
  expect(headers['retry-after']).toBeDefined()
  // Two seconds, plus the delay of a busy machine.
  expect(performance.now() - start).toBeLessThan(2500)
}

/** Waits until both stores answer, by verifying a token of a living family. */
async function untilItAnswers(): Promise<void> {
  const deadline = Date.now() + 10_000
  const { id, secret } = clients.api
  const ask = () => request(server.app).post('/verify').auth(id, secret).send({ token: living })
  while ((await ask()).body.active !== true)
    if (Date.now() > deadline) throw new Error('not back after 10 s')
}

describe('MongoDB stopped (SIGSTOP)', () => {
  it('(F8, C9) at the write of a rotation: answers 503 within 2 s, and a retry works, however late', async () => {
    const { refresh_token } = await newPair()
    const struck = tap.strike({ request: rotation, at: 'request' }, () => mongo.pause())
    await expectOutage(refresh(server, clients.app, refresh_token))
    await struck
    mongo.resume()
    await untilItAnswers()
    // Longer than the leeway, and long enough for the delayed write.
    await sleep(leewayMs * 2)
    const retry = await refresh(server, clients.app, refresh_token).expect(200)
    await refresh(server, clients.app, retry.body.refresh_token).expect(200)
  }, 30_000)

  it('(F8, C9) briefly, at the write of a rotation: answers 503, and a retry at once gets the successor', async () => {
    const { refresh_token } = await newPair()
    // Shorter than the driver's timeout: MongoDB answers, but late.
    const stumble = () => {
      mongo.pause()
      setTimeout(() => mongo.resume(), 1080)
    }
    const struck = tap.strike({ request: rotation, at: 'request' }, stumble)
    await expectOutage(refresh(server, clients.app, refresh_token))
    await struck
    const { body } = await refresh(server, clients.app, refresh_token).expect(200)
    expect(decodeJwt(body.refresh_token).counter).toBe(2)
    await refresh(server, clients.app, body.refresh_token).expect(200)
  }, 30_000)

  it('(F8, C9) between a rotation and its answer: answers 503, and a retry works', async () => {
    const { refresh_token } = await newPair()
    const struck = tap.strike({ request: rotation, at: 'answer' }, () => mongo.pause())
    await expectOutage(refresh(server, clients.app, refresh_token))
    await struck
    mongo.resume()
    await untilItAnswers()
    await sleep(leewayMs)
    const retry = await refresh(server, clients.app, refresh_token).expect(200)
    await refresh(server, clients.app, retry.body.refresh_token).expect(200)
    await passLeeway(server, refresh_token)
    await refresh(server, clients.app, refresh_token).expect(400)
  }, 30_000)

  it('(F8, C9) gives the lost successor to every concurrent retry, at any server', async () => {
    const { refresh_token } = await newPair()
    const struck = tap.strike({ request: rotation, at: 'answer' }, () => mongo.pause())
    await expectOutage(refresh(server, clients.app, refresh_token))
    await struck
    mongo.resume()
    await untilItAnswers()
    await sleep(leewayMs)
    // Requests in one process would share the work, so this calls what each server runs.
    const { sid: id, counter } = decodeJwt<{ sid: string; counter: number }>(refresh_token)
    const ask = () => rotateFamily({ ...server, leewayMs }, { id, counter })
    const rotations = await Promise.all(Array.from({ length: 20 }, ask))
    expect(new Set(rotations.map((rotation) => rotation?.outcome))).toEqual(new Set(['rotated']))
    expect(new Set(rotations.map((rotation) => rotation?.family.counter)).size).toBe(1)
  }, 30_000)

  it('(F8) before a refresh: does not use the token up', async () => {
    const { refresh_token } = await newPair()
    mongo.pause()
    await expectOutage(refresh(server, clients.app, refresh_token))
    mongo.resume()
    await untilItAnswers()
    await refresh(server, clients.app, refresh_token).expect(200)
  }, 30_000)

  it('(C11, R57, N7) answers a revocation with 503, never with 200 before it is done', async () => {
    const pairs = await Promise.all(Array.from({ length: 10 }, newPair))
    mongo.pause()
    const answers = await Promise.all(pairs.map(({ refresh_token }) => revoke(refresh_token)))
    mongo.resume()
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]))
    await untilItAnswers()
    for (const { refresh_token, access_token } of pairs) {
      // oxlint-disable-next-line no-await-in-loop
      await revoke(refresh_token).expect(200)
      // oxlint-disable-next-line no-await-in-loop
      await refresh(server, clients.app, refresh_token).expect(400)
      // oxlint-disable-next-line no-await-in-loop
      expect(await verify(server, clients.api, access_token)).toMatchObject({ reason: 'revoked' })
    }
  }, 30_000)
})

describe('MongoDB stopped (SIGSTOP) while all sessions of a user end', () => {
  const admins = async () => {
    const { username } = await server.addUser({ roles: ['admin'] })
    return await signedIn(server, username)
  }
  const ways = {
    'by the user': async ({ here }: Victim) => ask('delete', '/sessions', here),
    'by an admin': async ({ id }: Victim) =>
      ask('post', `/admin/users/${id}/end-sessions`, await admins()),
  }

  it.each(Object.entries(ways))(
    '(R27) %s, before the sessions end: answers 503, all are still there, and a retry ends them',
    async (_, endAll) => {
      const victim = await newVictim()
      await struckBy(endAll, { victim, skip: 0 })
      await ask('get', '/session', victim.there).expect(200)
      expect((await endAll(victim)).status).toBeLessThan(400)
      await expectEnded(victim)
    },
    30_000,
  )

  it.each(Object.entries(ways))(
    '(R27) %s, after the sessions have ended: the tokens have ended, too',
    async (_, endAll) => {
      const victim = await newVictim()
      await struckBy(endAll, { victim, skip: 1 })
      await expectEnded(victim)
    },
    30_000,
  )

  type Victim = { id: string; here: string; there: string; token: string }

  async function newVictim(): Promise<Victim> {
    const { id, username } = await server.addUser()
    const [here, there] = [await signedIn(server, username), await signedIn(server, username)]
    const { refresh_token: token } = await pairByPassword(server, clients.app, username)
    return { id, here, there, token }
  }

  function ask(method: 'get' | 'post' | 'delete', path: string, cookie: string) {
    return request(server.app)[method](path).set('Cookie', cookie).set('Origin', 'http://127.0.0.1')
  }

  /** Stops MongoDB before it answers the write that ends SSO sessions. The first `skip` writes pass. */
  async function struckBy(
    endAll: (victim: Victim) => Promise<request.Response>,
    { victim, skip }: { victim: Victim; skip: number },
  ): Promise<void> {
    const struck = tap.strike({ request: ending, at: 'answer', skip }, () => mongo.pause())
    await expectOutage(endAll(victim))
    await struck
    mongo.resume()
    await untilItAnswers()
  }

  async function expectEnded({ there, token }: Victim): Promise<void> {
    await ask('get', '/session', there).expect(401)
    await refresh(server, clients.app, token).expect(400)
  }
})

describe('MongoDB killed', () => {
  it.each(['request', 'answer'] as const)(
    '(N9, C9) at the %s of a rotation: no family ends, and a retry works, however late',
    async (at) => {
      const { refresh_token } = await newPair()
      const kill = () => void process.kill(mongo.pid, 'SIGKILL')
      const struck = tap.strike({ request: rotation, at }, kill)
      expect((await refresh(server, clients.app, refresh_token)).status).toBe(503)
      await struck
      await mongo.restart()
      await untilItAnswers()
      await sleep(leewayMs)
      const retry = await refresh(server, clients.app, refresh_token).expect(200)
      await refresh(server, clients.app, retry.body.refresh_token).expect(200)
    },
    30_000,
  )

  it('(C5) together with Redis: the restart revives no rotated or revoked token', async () => {
    const { refresh_token: first } = await newPair()
    const { body: second } = await refresh(server, clients.app, first).expect(200)
    const { refresh_token: revoked } = await newPair()
    await revoke(revoked).expect(200)

    await Promise.all([mongo.kill(), redis.kill()])
    await Promise.all([mongo.restart(), redis.restart()])
    await untilItAnswers()
    await refresh(server, clients.app, revoked).expect(400)
    await passLeeway(server, first)
    await refresh(server, clients.app, first).expect(400)
    await refresh(server, clients.app, second.refresh_token).expect(400)
    expect(await verify(server, clients.api, second.access_token)).toMatchObject({
      reason: 'revoked',
    })
  }, 30_000)
})

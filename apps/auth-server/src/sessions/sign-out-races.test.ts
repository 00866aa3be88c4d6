import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { seededRandom } from '../../../../faults/seeded-random.ts'
import { cookieOf, password, startTestApp } from '../../testing/auth-server.fixture.ts'

const seed = Date.now() % 1_000_000
const rounds = 40

/** How long the last re-authentication took. */
let usualMs = 25
let server: Awaited<ReturnType<typeof startTestApp>>

beforeAll(async () => {
  server = await startTestApp({ LIMIT_SIGN_IN_PER_ADDRESS: '100000' })
})
afterAll(() => server.close())

function ask(method: 'get' | 'post' | 'delete', path: string, cookie: string) {
  return request(server.app)[method](path).set('Cookie', cookie)
}

async function logIn(username: string): Promise<string> {
  return cookieOf(await request(server.app).post('/login').send({ username, password }).expect(200))
}

async function idOf(cookie: string): Promise<string> {
  return (await ask('get', '/sessions', cookie).expect(200)).body.sessions[0].id
}

/** Re-authenticates; resolves to the new session, or to undefined if it was too late. */
async function renew(cookie: string): Promise<string | undefined> {
  const start = performance.now()
  const answer = await ask('post', '/reauthenticate', cookie).send({ password })
  usualMs = performance.now() - start
  expect([200, 401, 409]).toContain(answer.status)
  return answer.status === 200 ? cookieOf(answer) : undefined
}

async function isSignedIn(cookie: string | undefined): Promise<boolean> {
  return cookie !== undefined && (await ask('get', '/session', cookie)).status === 200
}

describe(`during a re-authentication (seed ${seed})`, () => {
  const random = seededRandom(seed)

  /** Runs `endIt` at a random moment of a re-authentication. */
  async function whileRenewing<Value>(cookie: string, endIt: () => PromiseLike<Value>) {
    const ending = sleep(random.below(1 + Math.ceil(usualMs))).then(endIt)
    return await Promise.all([renew(cookie), ending])
  }

  it('(R25) a sign-out that finds the old session also ends the new one', async () => {
    const { id, username } = await server.addUser()
    const signedOut = () => server.audited({ actorId: id, event: 'signed_out' })
    const logOut = (cookie: string) => ask('post', '/logout', cookie).expect(200)
    let found = 0
    for (let round = 0; round < rounds; round += 1) {
      // oxlint-disable-next-line no-await-in-loop
      const cookie = await logIn(username)
      // oxlint-disable-next-line no-await-in-loop
      const [renewed] = await whileRenewing(cookie, () => logOut(cookie))
      // oxlint-disable-next-line no-await-in-loop
      const times = (await signedOut()).length
      // oxlint-disable-next-line no-await-in-loop
      if (times > found) expect(await isSignedIn(renewed)).toBe(false)
      found = times
    }
    expect(found).toBeGreaterThan(0)
  }, 60_000)

  it('(R27) ending the old session from another one also ends the new one', async () => {
    const { username } = await server.addUser()
    const other = await logIn(username)
    let found = 0
    for (let round = 0; round < rounds; round += 1) {
      // oxlint-disable-next-line no-await-in-loop
      const cookie = await logIn(username)
      // oxlint-disable-next-line no-await-in-loop
      const id = await idOf(cookie)
      const endIt = () => ask('delete', `/sessions/${id}`, other)
      // oxlint-disable-next-line no-await-in-loop
      const [renewed, { status }] = await whileRenewing(cookie, endIt)
      if (status === 204) found += 1
      // oxlint-disable-next-line no-await-in-loop
      if (status === 204) expect(await isSignedIn(renewed)).toBe(false)
      // oxlint-disable-next-line no-await-in-loop
      if (renewed !== undefined) await ask('post', '/logout', renewed)
    }
    expect(found).toBeGreaterThan(0)
  }, 60_000)
})

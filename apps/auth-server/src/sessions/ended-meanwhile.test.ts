import { once } from 'node:events'
import { createServer, request as httpRequest, type Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { testMongoUrl } from '../../../../tools/testing/test-services.ts'
import { cookieOf, password, startTestApp } from '../../testing/auth-server.fixture.ts'
import { watched } from '../../testing/watched-commands.fixture.ts'
import { operations } from '../openapi/operations.ts'
import { sessionStatus, signedIn, userSignedIn } from '../../testing/signed-in.fixture.ts'

const newPassword = 'another fine long passphrase'

let server: Awaited<ReturnType<typeof startTestApp>>
let admin: string
beforeAll(async () => {
  const env = { BCRYPT_COST: '10', LIMIT_SIGN_IN_PER_ADDRESS: '100000' }
  server = await startTestApp({ ...env, MONGO_URL: `${testMongoUrl()}?${watched}` })
  admin = (await userSignedIn(server, { roles: ['admin'] })).cookie
})
afterAll(() => server.close())

function post(path: string, cookie: string, body: object = {}) {
  return request(server.app).post(path).set('Cookie', cookie).send(body)
}

/** Resolves when the next read of the collection is answered. */
function nextRead(collection: string): Promise<void> {
  const client = server.users.db.getClient()
  return new Promise((resolve) => {
    client.on('commandStarted', function look({ command, requestId }) {
      if (command.find !== collection) return
      client.off('commandStarted', look)
      client.on('commandSucceeded', function done(answer) {
        if (answer.requestId !== requestId) return
        client.off('commandSucceeded', done)
        resolve()
      })
    })
  })
}

/** Runs `endIt` between the read of the stored password hash and the end of its check. */
async function whilePasswordIsChecked(act: () => request.Test, endIt: () => Promise<unknown>) {
  const checked = nextRead('users')
  const acting = act().then((answer) => answer)
  await checked
  await endIt()
  return await acting
}

type User = Awaited<ReturnType<typeof userSignedIn>>['user']

/** The ways to end a session that answer when it has ended. */
const ends = {
  'its sign-out': (_user: User, cookie: string) => post('/logout', cookie).expect(200),
  'an admin ends all sessions': ({ id }: User) =>
    post(`/admin/users/${id}/end-sessions`, admin).expect(204),
}

const acts = {
  'POST /change_password': (cookie: string) =>
    post('/change_password', cookie, { password, newPassword }),
  'POST /change_email': (cookie: string) =>
    post('/change_email', cookie, { password, newEmail: 'elsewhere@example.com' }),
  'DELETE /account': (cookie: string) =>
    request(server.app).delete('/account').set('Cookie', cookie).send({ password }),
  'POST /reauthenticate': (cookie: string) => post('/reauthenticate', cookie, { password }),
}

const races = Object.entries(acts).flatMap(([act, perform]) =>
  Object.entries(ends).map(([end, endIt]) => ({ act, perform, end, endIt })),
)

describe('a session that ends while its request checks the password', () => {
  it.each(races)('R85 $act does nothing after $end', async ({ perform, endIt }) => {
    const { user, cookie } = await userSignedIn(server)
    const before = await server.users.findById(user.id).lean()
    const end = async () => endIt(user, cookie)
    const answer = await whilePasswordIsChecked(() => perform(cookie), end)
    expect([401, 409]).toContain(answer.status)
    expect(await sessionStatus(server, cookieOf(answer) || cookie)).toBe(401)
    const after = await server.users.findById(user.id).lean()
    expect(after).toEqual({ ...before, outbox: after?.outbox })
  })
})

const guarded = operations.filter(
  ({ method, access, body }) =>
    ['session', 'admin', 'admin or machine'].includes(access) &&
    (method === 'post' || body !== undefined),
)

describe('a session that ends while the body of its request arrives', () => {
  let listening: Server
  let user: User
  beforeAll(async () => {
    user = await server.addUser({ roles: ['admin'] })
    listening = createServer(server.app).listen(0, '127.0.0.1')
    await once(listening, 'listening')
  })
  afterAll(() => new Promise((resolve) => listening.close(resolve)))

  it.each(guarded)('R85 $method $path does nothing', async ({ method, path }) => {
    const cookie = await signedIn(server, user.username)
    const address = listening.address()
    const asked = httpRequest({
      port: typeof address === 'object' ? address?.port : undefined,
      method,
      path: path.replaceAll(/:\w+/g, user.id),
      headers: { Cookie: cookie, 'Content-Type': 'application/json', 'Content-Length': 2 },
    })
    const answered = once(asked, 'response')
    asked.write('{')
    await sleep(30)
    await post('/logout', cookie).expect(200)
    asked.end('}')
    const [answer] = await answered
    answer.resume()
    expect(answer.statusCode).toBe(401)
  })
})

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { startTcpProxy, type TcpProxy } from '../../../../../tools/testing/tcp-proxy.ts'
import { cookieOf, startTestApp } from '../../../testing/auth-server.fixture.ts'
import { startUserService } from '../../../testing/user-service.fixture.ts'

const password = 'seven quiet rivers meet'
const browser = 'text/html'

let service: Awaited<ReturnType<typeof startUserService>>
let network: TcpProxy
let server: Awaited<ReturnType<typeof startTestApp>>
let lastUser = 0

beforeAll(async () => {
  service = await startUserService()
  network = await startTcpProxy({ url: service.url })
  server = await startTestApp({
    USER_DIRECTORY_URL: new URL('/users', network.url).href,
    USER_DIRECTORY_TOKEN: service.token,
    LIMIT_SIGN_IN_PER_ACCOUNT: '3',
    LIMIT_SIGN_IN_PER_ADDRESS: '100000',
  })
})
afterEach(() => network.heal())
afterAll(async () => {
  await server.close()
  await network.stop()
  await service.close()
})

const addUser = (state = {}) =>
  service.add({ username: `user-${(lastUser += 1)}`, password, ...state })

function signIn(username: string, given = password) {
  return request(server.app).post('/login').send({ username, password: given })
}

async function signedIn(state = {}) {
  const user = await addUser(state)
  return { user, cookie: cookieOf(await signIn(user.username).expect(200)) }
}

describe('sign-in through a user service', () => {
  it('gives a session with the service’s public user, by name and by e-mail address', async () => {
    const user = await addUser({ roles: ['admin'] })
    const { id, username, email, roles, verifiedAt } = user
    for (const login of [username, email.toUpperCase()]) {
      const answer = await signIn(login).expect(200)
      expect(answer.body.user).toEqual({ id, username, email, roles, verifiedAt })
      const session = request(server.app).get('/session').set('Cookie', cookieOf(answer))
      expect((await session.expect(200)).body.user).toEqual(answer.body.user)
    }
  })

  it('stores no users in MongoDB', async () => {
    await signedIn()
    expect(await server.users.countDocuments()).toBe(0)
  })

  it('answers a wrong password alike for unknown, active, unconfirmed, suspended and deleted users (R9)', async () => {
    const moment = new Date().toISOString()
    const states = [{}, { verifiedAt: null }, { suspendedAt: moment }, { deletingAt: moment }]
    const users = await Promise.all(states.map((state) => addUser(state)))
    const logins = ['nobody', ...users.map(({ username }) => username)]
    const answers = await Promise.all(logins.map((login) => signIn(login, 'wrong')))
    const seen = answers.map(({ status, text }) => `${status} ${text}`)
    expect(new Set(seen).size).toBe(1)
    expect(answers[0]?.body.code).toBe('invalid_credentials')
  })

  it('makes the same calls to the service for an unknown login (C25)', async () => {
    const { username } = await addUser()
    const callsFor = async (login: string) => {
      const before = service.questions.length
      await signIn(login, 'wrong').expect(401)
      return service.questions.slice(before)
    }
    expect(await callsFor('nobody-has-this')).toEqual(await callsFor(username))
  })

  it.each([
    ['not confirmed', { verifiedAt: null }, 403, 'not_confirmed'],
    ['suspended', { suspendedAt: new Date().toISOString() }, 403, 'account_suspended'],
    ['being deleted', { deletingAt: new Date().toISOString() }, 401, 'invalid_credentials'],
  ])(
    'refuses a user who is %s, even with the right password',
    async (_what, state, status, code) => {
      const { username } = await addUser(state)
      const answer = await signIn(username)
      expect([answer.status, answer.body.code]).toEqual([status, code])
      expect(answer.headers['set-cookie']).toBeUndefined()
    },
  )

  it('counts wrong passwords per account, whether by name or by address (R10)', async () => {
    const { username, email } = await addUser()
    for (const login of [username, email, username]) await signIn(login, 'wrong').expect(401)
    await signIn(email).expect(429)
  })
})

describe('a signed-in user of a user service', () => {
  it('has an account page without the settings that belong to the service', async () => {
    const { user, cookie } = await signedIn()
    const visit = request(server.app).get('/account').set('Cookie', cookie).set('Accept', browser)
    const { text } = await visit.expect(200)
    expect(text).toContain(user.email)
    expect(text).toContain('action="/logout"')
    expect(text).not.toMatch(/change_password|change_email|account\/delete/)
  })

  it('re-authenticates through the service and gets a new session (R22)', async () => {
    const { cookie } = await signedIn()
    const again = (given: string) =>
      request(server.app).post('/reauthenticate').set('Cookie', cookie).send({ password: given })
    await again('wrong').expect(401)
    const renewed = cookieOf(await again(password).expect(200))
    await request(server.app).get('/session').set('Cookie', cookie).expect(401)
    await request(server.app).get('/session').set('Cookie', renewed).expect(200)
  })

  it('is refused at sign-in and re-authentication once suspended there (R12)', async () => {
    const { user, cookie } = await signedIn()
    service.change(user.id, { suspendedAt: new Date().toISOString() })
    const again = request(server.app).post('/reauthenticate').set('Cookie', cookie)
    await again.send({ password }).expect(403)
    await signIn(user.username).expect(403)
  })

  it('cannot re-authenticate with the password of a new user of the old name', async () => {
    const { user, cookie } = await signedIn()
    service.change(user.id, { username: 'renamed' })
    await service.add({ username: user.username, email: 'heir@example.com', password: 'another' })
    const again = request(server.app).post('/reauthenticate').set('Cookie', cookie)
    await again.send({ password: 'another' }).expect(401)
  })

  it('can sign out', async () => {
    const { cookie } = await signedIn()
    await request(server.app).post('/logout').set('Cookie', cookie).expect(200)
    await request(server.app).get('/session').set('Cookie', cookie).expect(401)
  })
})

describe('a route that belongs to the user service', () => {
  it.each([
    ['get', '/invite?token=x'],
    ['get', '/invite?confirmation=x'],
    ['get', '/invites'],
    ['post', '/invites'],
    ['get', '/invites/x'],
    ['delete', '/invites/x'],
    ['post', '/signup'],
    ['post', '/confirm_account'],
    ['get', '/resend_confirmation'],
    ['post', '/resend_confirmation'],
    ['get', '/forgot_password'],
    ['post', '/forgot_password'],
    ['get', '/reset?token=x'],
    ['post', '/reset_password'],
    ['get', '/not_me?token=x'],
    ['post', '/not_me'],
    ['get', '/change_password'],
    ['post', '/change_password'],
    ['get', '/change_email'],
    ['post', '/change_email'],
    ['get', '/confirm_email?token=x'],
    ['post', '/confirm_email'],
    ['get', '/account/delete'],
    ['post', '/account/delete'],
    ['get', '/admin/users'],
    ['get', '/admin/invites'],
    ['post', '/admin/invites'],
  ] as const)('is not found here: %s %s', async (method, path) => {
    const { cookie } = await signedIn({ roles: ['admin'] })
    const answer = await request(server.app)[method](path).set('Cookie', cookie).send({ password })
    expect([answer.status, answer.body.code]).toEqual([404, 'not_found'])
  })

  it('is not among the methods of a page that is here: DELETE /account', async () => {
    const { cookie } = await signedIn()
    const answer = await request(server.app).delete('/account').set('Cookie', cookie).expect(405)
    expect(answer.headers.allow).not.toContain('DELETE')
  })

  it('is not linked from the admin pages', async () => {
    const { cookie } = await signedIn({ roles: ['admin'] })
    const visit = request(server.app).get('/admin').set({ Cookie: cookie, Accept: browser })
    const { text } = await visit.expect(200)
    expect(text).toContain('/admin/clients')
    expect(text).not.toMatch(/admin\/(users|invites)/)
  })

  it('is not linked from the sign-in page', async () => {
    const { text } = await request(server.app).get('/login').set('Accept', browser).expect(200)
    expect(text).not.toMatch(/forgot_password|resend_confirmation/)
  })
})

describe('an outage of the user service', () => {
  it.each(['refuse', 'drop'] as const)(
    'is a 503 with Retry-After within two seconds, never a 401 or a session: %s (R62)',
    async (fault) => {
      const { user, cookie } = await signedIn()
      await network[fault]()
      const started = performance.now()
      const answers = await Promise.all([
        signIn(user.username),
        signIn('nobody'),
        request(server.app).post('/reauthenticate').set('Cookie', cookie).send({ password }),
      ])
      expect(performance.now() - started).toBeLessThan(2_500)
      for (const { status, headers } of answers) {
        expect([status, headers['retry-after']]).toEqual([503, '1'])
        expect(headers['set-cookie']).toBeUndefined()
      }
    },
  )

  it('keeps users signed in and lets them sign out', async () => {
    const { cookie } = await signedIn()
    await network.refuse()
    await request(server.app).get('/session').set('Cookie', cookie).expect(200)
    await request(server.app).get('/account').set('Cookie', cookie).expect(200)
    await request(server.app).post('/logout').set('Cookie', cookie).expect(200)
    await request(server.app).get('/session').set('Cookie', cookie).expect(401)
  })

  it('does not count as a wrong password', async () => {
    const user = await addUser()
    await network.refuse()
    for (let time = 0; time < 5; time += 1) await signIn(user.username, 'wrong').expect(503)
    await network.heal()
    await signIn(user.username).expect(200)
  })
})

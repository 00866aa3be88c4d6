import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Express } from 'express'
import request from 'supertest'
import { cookieOf, password, startTestApp } from '../../../testing/auth-server.fixture.ts'

let server: Awaited<ReturnType<typeof startTestApp>>

beforeAll(async () => {
  server = await startTestApp({
    TRUST_PROXY: '1',
    LIMIT_SIGN_IN_PER_ADDRESS: '20',
    LIMIT_SIGN_IN_PER_ACCOUNT: '5',
    SUSPEND_AFTER_FAILURES: '1000',
  })
})
afterAll(() => server.close())

let lastHost = 0
const freshAddress = () => `198.51.100.${(lastHost += 1)}`

function attempt(
  app: Express,
  { username = 'nobody', secret = 'wrong', from = freshAddress() } = {},
) {
  return request(app)
    .post('/login')
    .set('X-Forwarded-For', from)
    .send({ username, password: secret })
}

describe('limits on sign-in', () => {
  it('refuses even the right password after too many wrong ones for an account', async () => {
    const { username } = await server.addUser()
    for (let guess = 0; guess < 5; guess += 1) await attempt(server.app, { username }).expect(401)
    const answer = await attempt(server.app, { username, secret: password }).expect(429)
    expect(answer.body.code).toBe('too_many_attempts')
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(15 * 60)
  })

  it('counts user name and e-mail address as one account', async () => {
    const { username, email } = await server.addUser()
    for (let guess = 0; guess < 5; guess += 1) await attempt(server.app, { username }).expect(401)
    await attempt(server.app, { username: email, secret: password }).expect(429)
  })

  it('admits no more guesses than the limit when they are sent at once', async () => {
    const { username } = await server.addUser()
    const answers = await Promise.all(
      Array.from({ length: 60 }, () => attempt(server.app, { username })),
    )
    const admitted = answers.filter(({ status }) => status === 401)
    expect(admitted).toHaveLength(5)
  })

  it('admits more simultaneous sign-ins to an account than may fail', async () => {
    const { username } = await server.addUser()
    const answers = await Promise.all(
      Array.from({ length: 15 }, () => attempt(server.app, { username, secret: password })),
    )
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
  })

  it('does not count right passwords for the account', async () => {
    const { username } = await server.addUser()
    for (let time = 0; time < 8; time += 1) {
      await attempt(server.app, { username, secret: password }).expect(200)
    }
  })

  it('counts an unknown name in the same way', async () => {
    for (let guess = 0; guess < 5; guess += 1)
      await attempt(server.app, { username: 'ghost' }).expect(401)
    await attempt(server.app, { username: 'GHOST' }).expect(429)
  })

  it('counts every attempt for the address', async () => {
    const from = freshAddress()
    for (let time = 0; time < 20; time += 1) {
      await attempt(server.app, { username: `nobody-${time}`, from }).expect(401)
    }
    await attempt(server.app, { username: 'somebody-else', from }).expect(429)
    await attempt(server.app, { username: 'somebody-else' }).expect(401)
  })

  it('counts an IPv6 /64 as one address', async () => {
    for (let time = 0; time < 20; time += 1) {
      await attempt(server.app, { username: `v6-${time}`, from: `2001:db8:1:2::${time}` }).expect(
        401,
      )
    }
    await attempt(server.app, { username: 'v6', from: '2001:db8:1:2:ffff::1' }).expect(429)
    await attempt(server.app, { username: 'v6', from: '2001:db8:1:3::1' }).expect(401)
  })

  it('ignores the port of an address', async () => {
    const from = freshAddress()
    for (let time = 0; time < 20; time += 1) {
      await attempt(server.app, { username: `p-${time}`, from: `${from}:${5000 + time}` }).expect(
        401,
      )
    }
    await attempt(server.app, { username: 'p', from }).expect(429)
    await attempt(server.app, { username: 'p', from: `${freshAddress()}:5000` }).expect(401)
  })

  it('R44 believes a forwarded address only from a configured proxy', async () => {
    const direct = await startTestApp({ LIMIT_SIGN_IN_PER_ADDRESS: '3' })
    for (let time = 0; time < 3; time += 1) await attempt(direct.app).expect(401)
    await attempt(direct.app).expect(429)
    await direct.close()
  })

  it('tells a blocked address until when, even beyond the limit', async () => {
    const settings = { LIMIT_SIGN_IN_PER_ADDRESS: '5', SUSPEND_AFTER_FAILURES: '5' }
    const strict = await startTestApp({ TRUST_PROXY: '1', ...settings })
    const from = freshAddress()
    for (let time = 0; time < 5; time += 1) await attempt(strict.app, { from }).expect(401)
    const { body } = await attempt(strict.app, { from }).expect(429)
    expect(body).toMatchObject({ code: 'address_suspended', until: expect.any(String) })
    await strict.close()
  })

  it('R60 records a refusal on every route that takes a password', async () => {
    const settings = { LIMIT_SIGN_IN_PER_ADDRESS: '1', LOG_LEVEL: 'info' }
    const narrow = await startTestApp(settings)
    const { username } = await narrow.addUser()
    const cookie = cookieOf(await attempt(narrow.app, { username, secret: password }).expect(200))
    const again = (path: string) =>
      request(narrow.app).post(path).set('Cookie', cookie).send({ password, newPassword: 'x' })
    await attempt(narrow.app, { username }).expect(429)
    await again('/reauthenticate').expect(429)
    await again('/change_password').expect(429)
    const limited = narrow.log.filter((line) => line.includes('"sign_in_limited"'))
    const details = limited.map((line) => JSON.parse(line).details)
    const reason = 'too_many_attempts'
    const ways = ['sign_in', 'reauthenticate', 'account']
    expect(details).toEqual(ways.map((way) => ({ way, reason })))
    await narrow.close()
  })

  it('warns once that everybody behind a proxy shares the limit without TRUST_PROXY', async () => {
    const shared = await startTestApp({ LIMIT_SIGN_IN_PER_ADDRESS: '1', LOG_LEVEL: 'info' })
    const { username } = await shared.addUser()
    const visit = () => attempt(shared.app, { username, secret: password })
    const answers = [await visit(), await visit(), await visit()]
    expect(answers.map(({ status }) => status)).toEqual([200, 429, 429])
    const warnings = shared.log.filter((line) => line.includes('TRUST_PROXY is not set'))
    expect(warnings).toEqual([expect.stringContaining('count as one')])
    await shared.close()
  })

  it('shows a browser the form with the name and how long to wait', async () => {
    const from = freshAddress()
    const visit = () => attempt(server.app, { from, username: `b-${Math.random()}` })
    await Promise.all(Array.from({ length: 20 }, () => visit()))
    const answer = await visit().set('Accept', 'text/html').expect(429)
    expect(answer.text).toContain('value="b-')
    expect(answer.text).toMatch(/Too many attempts\. Try again in \d+ minutes/)
    expect(answer.text).toContain('href="/forgot_password">reset your password</a>')
    expect(answer.headers['retry-after']).toMatch(/^\d+$/)
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { cookiesOf, password, startTestApp } from '../../../testing/auth-server.fixture.ts'
import { allMailsTo, mailTo, tokenIn } from '../../../testing/mailed-links.fixture.ts'
import { addTestClients } from '../../../testing/token-clients.fixture.ts'
import {
  freshAddress,
  type TestServer,
  visitors,
} from '../../../testing/blocked-address.fixture.ts'
import { deviceCookie, knownDevice } from './device-cookie.ts'

const settings = {
  TRUST_PROXY: '1',
  LIMIT_SIGN_IN_PER_ADDRESS: '100000',
  LIMIT_SIGN_IN_PER_ACCOUNT: '3',
}
const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0'

const newPassword = 'eight quiet rivers meet'

let server: TestServer
let visit: ReturnType<typeof visitors>

beforeAll(async () => {
  server = await startTestApp({ ...settings, SESSION_SECRETS: 'a secret of today,another before' })
  visit = visitors(server)
})
afterAll(() => server.close())

/** A user who has signed in with a device, and the cookie of that device. */
async function owner() {
  const user = await server.addUser()
  const answer = await visit.signIn(freshAddress(), { username: user.username }).expect(200)
  const [session = '', device = ''] = cookiesOf(answer)
  return { ...user, session, device }
}

/** Strangers guess from different addresses until the account's budget for them is used up. */
async function attack(username: string) {
  for (let guess = 0; guess < 3; guess += 1)
    await visit.signIn(freshAddress(), { username, password: 'wrong' }).expect(401)
  await visit.signIn(freshAddress(), { username }).expect(429)
}

describe('an account under attack by strangers', () => {
  it('R11 admits only its user with a known device', async () => {
    const { username, device } = await owner()
    await attack(username)
    await visit.signIn(freshAddress(), { username, cookie: device }).expect(200)
    await visit.signIn(freshAddress(), { username }).expect(429)
  })

  it('R11 lets a signed-in user re-authenticate', async () => {
    const { username, session, device } = await owner()
    await attack(username)
    await request(server.app)
      .post('/reauthenticate')
      .set('Cookie', `${session}; ${device}`)
      .send({ password })
      .expect(200)
  })

  it('R10 gives a known device its own budget, which strangers cannot use up', async () => {
    const { username, device } = await owner()
    const wrong = { username, password: 'wrong', cookie: device }
    for (let guess = 0; guess < 3; guess += 1) await visit.signIn(freshAddress(), wrong).expect(401)
    await visit.signIn(freshAddress(), { username, cookie: device }).expect(429)
    await visit.signIn(freshAddress(), { username }).expect(200)
  })

  it('R10 admits a hundred failures a day, however slow they are', async () => {
    const { username } = await owner()
    const failed = () => visit.signIn(freshAddress(), { username, password: 'wrong' })
    for (let guess = 0; guess < 100; guess += 1) {
      if (guess % 3 === 0) await forgetQuarter()
      await failed().expect(401)
    }
    await forgetQuarter()
    const answer = await failed().expect(429)
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(23 * 3600)
  })

  it('R11 admits the owner of the mailbox with the device that reset the password', async () => {
    const { username, email } = await owner()
    await attack(username)
    await request(server.app).post('/forgot_password').send({ email }).expect(202)
    const token = tokenIn(await mailTo(server, { to: email, kind: 'reset' }))
    const changed = 'eight quiet rivers meet'
    const reset = await request(server.app)
      .post('/reset_password')
      .send({ token, password: changed })
      .expect(200)
    const cookie = cookiesOf(reset).join('; ')
    await visit.signIn(freshAddress(), { username, password: changed, cookie }).expect(200)
    await visit.signIn(freshAddress(), { username, password: changed }).expect(429)
  })

  it('counts clients with a secret by client and account, never by address', async () => {
    const { username } = await owner()
    const { app } = await addTestClients(server)
    const from = freshAddress()
    const askAs = (login: string, given: string) =>
      visit
        .signIn(from, { username: login, password: given })
        .send({ client_id: app.id, client_secret: app.secret })
    for (let guess = 0; guess < 30; guess += 1) await askAs(`nobody-${guess}`, 'wrong').expect(401)
    for (let guess = 0; guess < 3; guess += 1) await askAs(username, 'wrong').expect(401)
    await askAs(username, password).expect(429)
    await visit.signIn(from, { username }).expect(200)
    await attack(username)
    const { username: other } = await owner()
    await attack(other)
    await askAs(other, password).expect(200)
  })
})

describe('the device cookie', () => {
  it('follows the session cookie, lasts a year and is hidden from scripts and other sites (R29)', async () => {
    const answer = await visit.signIn(freshAddress(), await server.addUser()).expect(200)
    const [, cookie = ''] = [answer.headers['set-cookie']].flat().map(String)
    expect(cookie).toMatch(/^device=.*; Max-Age=31536000; Path=\/; HttpOnly; SameSite=Strict$/)
  })

  it('is __Host-device over https, so that no sister domain can plant it', async () => {
    const https = { PUBLIC_URL: 'https://login.example', COOKIE_DOMAIN: 'login.example' }
    const secure = await startTestApp({ ...settings, ...https })
    const { username } = await secure.addUser()
    const answer = await request(secure.app).post('/login').send({ username, password }).expect(200)
    const [session = '', cookie = ''] = [answer.headers['set-cookie']].flat().map(String)
    expect(session).toMatch(/^__Secure-session=/)
    expect(cookie).toMatch(/^__Host-device=[^;]+; Max-Age=\d+; Path=\/; .*; Secure$/)
    expect(cookie).not.toContain('Domain')
    await secure.close()
  })

  it('survives signing out', async () => {
    const { username, session, device } = await owner()
    const answer = await request(server.app)
      .post('/logout')
      .set('Cookie', `${session}; ${device}`)
      .expect(200)
    expect(String(answer.headers['set-cookie'])).not.toContain('device=')
    await attack(username)
    await visit.signIn(freshAddress(), { username, cookie: device }).expect(200)
  })

  it('R69 ends with the password: known devices are new after a change or a reset', async () => {
    for (const changePassword of [change, reset]) {
      // oxlint-disable-next-line no-await-in-loop
      const user = await owner()
      // oxlint-disable-next-line no-await-in-loop
      const answer = await changePassword(user)
      const changed = { username: user.username, password: newPassword }
      // oxlint-disable-next-line no-await-in-loop
      await attack(user.username)
      // oxlint-disable-next-line no-await-in-loop
      await visit.signIn(freshAddress(), { ...changed, cookie: user.device }).expect(429)
      // The device that changed it stays known.
      const own = cookiesOf(answer).find((cookie) => cookie.startsWith('device=')) ?? ''
      // oxlint-disable-next-line no-await-in-loop
      await visit.signIn(freshAddress(), { ...changed, cookie: own }).expect(200)
    }
  })

  function change({ session }: { session: string }) {
    const body = { password, newPassword }
    return request(server.app)
      .post('/change_password')
      .set('Cookie', session)
      .send(body)
      .expect(200)
  }

  async function reset({ email }: { email: string }) {
    await request(server.app).post('/forgot_password').send({ email }).expect(202)
    const token = tokenIn(await mailTo(server, { to: email, kind: 'reset' }))
    const body = { token, password: newPassword }
    return await request(server.app).post('/reset_password').send(body).expect(200)
  }

  it('is valid for each user who has signed in with it, and nobody else', async () => {
    const [ada, bob] = [await owner(), await server.addUser()]
    const cookie = ada.device
    const both = await visit.signIn(freshAddress(), { username: bob.username, cookie }).expect(200)
    const shared = cookiesOf(both)[1] ?? ''
    await attack(ada.username)
    await attack(bob.username)
    await visit.signIn(freshAddress(), { username: bob.username, cookie }).expect(429)
    for (const { username } of [ada, bob])
      await visit.signIn(freshAddress(), { username, cookie: shared }).expect(200)
  })

  it('R11 cannot be forged without the secret or planted beside the real one', async () => {
    const [victim, attacker] = [await owner(), await owner()]
    await attack(victim.username)
    const forgeries = [
      `${attacker.device}.${'0'.repeat(5)}-${'A'.repeat(22)}`,
      victim.device.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
      victim.device.replace(/\d+(?=-)/, '1'),
      `${victim.device}; ${attacker.device}`,
      'device=',
      'device=x',
    ]
    for (const cookie of forgeries)
      await visit.signIn(freshAddress(), { username: victim.username, cookie }).expect(429)
  })

  it('survives a rotation of SESSION_SECRETS while the old one is listed, and ends after a year', async () => {
    const { config } = server
    const now = new Date()
    const cookieOf = (sessionSecrets: string[]) =>
      deviceCookie({ ...config, sessionSecrets }, { headers: {} }, { id: 'some-user' }, now)
    const known = (cookie: string, at = now) =>
      knownDevice(config, { headers: { cookie } }, { id: 'some-user' }, at) !== undefined
    const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000)
    expect(known(cookieOf(['another before']))).toBe(true)
    expect(known(cookieOf(['a foreign secret']))).toBe(false)
    const cookie = cookieOf(config.sessionSecrets)
    expect(known(cookie, inDays(364))).toBe(true)
    expect(known(cookie, inDays(368))).toBe(false)
  })
})

describe('a sign-in with a new device', () => {
  const signIn = (username: string, cookie = '') =>
    visit.signIn(freshAddress(), { username, cookie }).set('User-Agent', firefox).expect(200)

  it('sends the user an e-mail with the address and the device in words', async () => {
    const { username, email } = await owner()
    await signIn(username)
    const mail = await mailTo(server, { to: email, kind: 'new_device' })
    expect(mail.data).toMatchObject({
      address: expect.stringMatching(/^198\.51\./),
      device: 'Firefox on Windows',
      notMeUrl: expect.stringContaining('/not_me?token='),
    })
  })

  it('sends nothing for the first sign-in ever or a known device', async () => {
    const { username, email, device } = await owner()
    await signIn(username, device)
    expect(await allMailsTo(server, email)).toEqual([])
  })

  it('sends one e-mail in five minutes: a program without cookies is new each time', async () => {
    const { username, email } = await owner()
    for (let time = 0; time < 4; time += 1) await signIn(username)
    expect(await allMailsTo(server, email, 'new_device')).toHaveLength(1)
  })
})

/** Simulates that 15 minutes pass. */
async function forgetQuarter(): Promise<void> {
  const keys = await server.redis.keys(`${server.keyPrefix}failures:account:*`)
  if (keys.length > 0) await server.redis.del(...keys)
}

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createSessionStore } from 'auth-kit/session'
import request from 'supertest'
import { cookieOf, password, startTestApp } from '../../../testing/auth-server.fixture.ts'
import {
  enrolTotp,
  pendingSignIn,
  unusedCode,
  userWithTotp,
} from '../../../testing/factors.fixture.ts'
import { allMailsTo } from '../../../testing/mailed-links.fixture.ts'
import { sessionStatus, userSignedIn } from '../../../testing/signed-in.fixture.ts'

type Server = Awaited<ReturnType<typeof startTestApp>>
let server: Server
let strict: Server
beforeAll(async () => {
  const many = { LIMIT_SIGN_IN_PER_ADDRESS: '10000', SUSPEND_AFTER_FAILURES: '10000' }
  server = await startTestApp(many)
  strict = await startTestApp({ ...many, REQUIRE_SECOND_FACTOR: 'all' })
})
afterAll(() => Promise.all([server.close(), strict.close()]))

function second(cookie: string, code: string, { app }: Server = server) {
  return request(app).post('/login/second').set('Cookie', cookie).send({ code })
}

function post(path: string, cookie: string, body: object = {}, { app }: Server = server) {
  return request(app).post(path).set('Cookie', cookie).send(body)
}

async function storedSignIns({ redis, keyPrefix }: Server, userId: string) {
  const keys = await redis.keys(`${keyPrefix}sess:*`)
  const sessions = (await Promise.all(keys.map((key) => redis.get(key)))).map((json) =>
    JSON.parse(json ?? '{}'),
  )
  return sessions.flatMap(({ passport, authKit }) =>
    passport?.user?.id === userId ? [authKit?.signIn] : [],
  )
}

describe('POST /login with an account that has a second factor', () => {
  it('R72 signs nobody in with the right password and names the next step (ASVS 6.3.3)', async () => {
    const { user } = await userWithTotp(server)
    const { answer, cookie } = await pendingSignIn(server, user.username)
    expect(answer.status).toBe(401)
    expect(answer.body).toMatchObject({
      code: 'second_factor_required',
      factors: ['totp', 'recovery_code'],
    })
    expect(await sessionStatus(server, cookie)).toBe(401)
    await request(server.app).get('/account').set('Cookie', cookie).expect(401)
  })

  it('R72 does not reveal the second factor after a wrong password', async () => {
    const { user } = await userWithTotp(server)
    const wrong = { username: user.username, password: 'wrong' }
    const answer = await request(server.app).post('/login').send(wrong).expect(401)
    expect(answer.body.code).toBe('invalid_credentials')
    expect(answer.body.factors).toBeUndefined()
  })

  it('R74 completes the sign-in with the code and records how in the session', async () => {
    const { user, secret } = await userWithTotp(server)
    const { cookie } = await pendingSignIn(server, user.username)
    const code = await unusedCode(server, user.id, secret)
    const answer = await second(cookie, code).expect(200)
    expect(answer.body.user.id).toBe(user.id)
    expect(cookieOf(answer)).not.toBe(cookie)
    expect(await sessionStatus(server, cookieOf(answer))).toBe(200)
    expect(await storedSignIns(server, user.id)).toContainEqual(
      expect.objectContaining({ acr: 'aal2', amr: ['pwd', 'otp', 'mfa'] }),
    )
    // The pending step is over: it signs in once.
    await second(cookie, await unusedCode(server, user.id, secret)).expect(401)
  })

  it('has no form without a pending step, and sends a browser to the sign-in page', async () => {
    const form = () => request(server.app).get('/login/second')
    const { body } = await form().set('Accept', 'application/json').expect(401)
    expect(body.code).toBe('not_signed_in')
    const { headers } = await form().set('Accept', 'text/html').expect(303)
    expect(headers.location).toBe('/login')
  })

  it('leads a browser without JavaScript through a labelled page and on to returnTo', async () => {
    const { user, secret } = await userWithTotp(server)
    const form = (path: string, cookie = '') =>
      request(server.app).post(path).set({ Accept: 'text/html', Cookie: cookie }).type('form')
    const first = await form('/login')
      .send({ username: user.username, password, returnTo: '/account/activity' })
      .expect(303)
    const cookie = cookieOf(first)
    expect(first.headers.location).toBe('/login/second?returnTo=%2Faccount%2Factivity')
    const page = await request(server.app)
      .get(first.headers.location ?? '')
      .set({ Accept: 'text/html', Cookie: cookie })
      .expect(200)
    expect(page.text).toContain('<label for="code">')
    expect(page.text).toContain('value="/account/activity"')
    const again = await form('/login/second', cookie).send({ code: '000000' }).expect(401)
    expect(again.text).toContain('role="alert"')
    const code = await unusedCode(server, user.id, secret)
    const done = await form('/login/second', cookie).send({ code, returnTo: '/account/activity' })
    expect([done.status, done.headers.location]).toEqual([303, '/account/activity'])
  })

  it('R71 accepts a code once when several browsers send it at once (ASVS 6.5.1)', async () => {
    const { user, secret } = await userWithTotp(server)
    const browsers = await Promise.all(
      Array.from({ length: 6 }, () => pendingSignIn(server, user.username)),
    )
    const code = await unusedCode(server, user.id, secret)
    const answers = await Promise.all(browsers.map(({ cookie }) => second(cookie, code)))
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200, 401, 401, 401, 401, 401,
    ])
  })

  it('R73 ties the step to the browser that sent the password', async () => {
    const { user, secret } = await userWithTotp(server)
    await pendingSignIn(server, user.username)
    const code = await unusedCode(server, user.id, secret)
    expect((await second('', code).expect(401)).body.code).toBe('not_signed_in')
    const other = await userSignedIn(server)
    await second(other.cookie, code).expect(401)
    const planted = await request(server.app).get('/login')
    const { cookie } = await pendingSignIn(server, user.username)
    expect(cookie).not.toBe(cookieOf(planted))
  })

  it('R73 ends the step when the sessions of the user end, as after a reset', async () => {
    const { user, secret } = await userWithTotp(server)
    const { cookie } = await pendingSignIn(server, user.username)
    const { redis, keyPrefix: prefix } = server
    await createSessionStore({ redis, prefix: `${prefix}sess:` }).endSessions(user.id)
    const answer = await second(cookie, await unusedCode(server, user.id, secret)).expect(401)
    expect(answer.body.code).toBe('not_signed_in')
  })

  it('R75 accepts a recovery code once and e-mails how many are left (ASVS 6.5.1)', async () => {
    const { user, recoveryCodes } = await userWithTotp(server)
    expect(recoveryCodes).toHaveLength(10)
    const [code = ''] = recoveryCodes
    const { cookie } = await pendingSignIn(server, user.username)
    await second(cookie, code.toUpperCase()).expect(200)
    const mails = await allMailsTo(server, user.email, 'factors_changed')
    expect(mails.map(({ data }) => data)).toContainEqual(
      expect.objectContaining({ change: 'recovery_code_used', left: '9' }),
    )
    const again = await pendingSignIn(server, user.username)
    expect((await second(again.cookie, code).expect(401)).body.code).toBe('invalid_code')
    const stored = await server.factors.findOne({ _id: user.id }).lean()
    expect(JSON.stringify(stored)).not.toContain(recoveryCodes[1])
  })

  it('R75 voids the old recovery codes when new ones are created', async () => {
    const { user, cookie, recoveryCodes } = await userWithTotp(server)
    const made = await post('/account/recovery_codes', cookie).expect(200)
    expect(made.body.recoveryCodes).toHaveLength(10)
    const pending = await pendingSignIn(server, user.username)
    await second(pending.cookie, recoveryCodes[0] ?? '').expect(401)
    await second(pending.cookie, made.body.recoveryCodes[0]).expect(200)
  })

  it('R12 C18 counts guessed codes in the budget of the password, exactly', async () => {
    const { user, secret } = await userWithTotp(server)
    const { cookie } = await pendingSignIn(server, user.username)
    const answers = await Promise.all(Array.from({ length: 40 }, () => second(cookie, 'no-code')))
    const codes = answers.map(({ body }) => body.code)
    expect(codes.filter((code) => code === 'invalid_code')).toHaveLength(10)
    expect(codes.filter((code) => code === 'too_many_attempts')).toHaveLength(30)
    await second(cookie, await unusedCode(server, user.id, secret)).expect(429)
    const signIn = { username: user.username, password }
    await request(server.app).post('/login').send(signIn).expect(429)
  })
})

describe('a session of an account with a second factor', () => {
  it('R76 is renewed by a code, not by the password alone', async () => {
    const { user, cookie, secret } = await userWithTotp(server)
    const alone = await post('/reauthenticate', cookie, { password }).expect(401)
    expect(alone.body).toMatchObject({ code: 'second_factor_required' })
    const code = await unusedCode(server, user.id, secret)
    const renewed = await post('/reauthenticate', cookie, { code }).expect(200)
    expect(await sessionStatus(server, cookieOf(renewed))).toBe(200)
  })

  it('R76 cannot change the account if it began before the second factor was set up', async () => {
    const { user, cookie: old } = await userSignedIn(server)
    const elsewhere = await request(server.app)
      .post('/login')
      .send({ username: user.username, password })
    await enrolTotp(server, cookieOf(elsewhere))
    for (const [path, body] of [
      ['/change_password', { password, newPassword: 'another long passphrase' }],
      ['/change_email', { password, newEmail: 'x@example.com' }],
      ['/account/delete', { password }],
      ['/account/totp/delete', {}],
      ['/account/recovery_codes', {}],
      ['/account/totp', {}],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop
      const answer = await post(path, old, body)
      expect([path, answer.status, answer.body.code, answer.body.acr]).toEqual([
        path,
        401,
        'reauthentication_required',
        'aal2',
      ])
    }
  })

  it('can remove the second factor together with its codes if none is required', async () => {
    const { user, cookie } = await userWithTotp(server)
    await request(server.app).delete('/account/totp').set('Cookie', cookie).expect(204)
    const shown = await request(server.app).get('/account/factors').set('Cookie', cookie)
    expect(shown.body).toEqual({
      totp: null,
      passkeys: [],
      recoveryCodes: { left: 0 },
      required: false,
    })
    await request(server.app).post('/login').send({ username: user.username, password }).expect(200)
  })
})

describe('REQUIRE_SECOND_FACTOR=all', () => {
  it('R77 requires enrolment before anything else and signs in with the new factor', async () => {
    const user = await strict.addUser()
    const { answer, cookie } = await pendingSignIn(strict, user.username)
    expect([answer.status, answer.body.code]).toEqual([403, 'enrolment_required'])
    for (const path of ['/account', '/sessions', '/session', '/account/activity']) {
      // oxlint-disable-next-line no-await-in-loop
      await request(strict.app).get(path).set('Cookie', cookie).expect(401)
    }
    await post('/account/recovery_codes', cookie, {}, strict).expect(401)
    const page = await request(strict.app)
      .get('/account/factors')
      .set({ Cookie: cookie, Accept: 'text/html' })
      .expect(200)
    expect(page.text).toContain('Set up an app')
    const enrolled = await enrolTotp(strict, cookie)
    expect(enrolled.uri).toMatch(/^otpauth:\/\/totp\//)
    expect(enrolled.recoveryCodes).toHaveLength(10)
    expect(await sessionStatus(strict, enrolled.cookie)).toBe(200)
  })

  it('R77 refuses enrolment by password alone for an account that has a factor', async () => {
    const user = await strict.addUser()
    await enrolTotp(strict, (await pendingSignIn(strict, user.username)).cookie)
    const { cookie } = await pendingSignIn(strict, user.username)
    await post('/account/totp', cookie, {}, strict).expect(401)
    await request(strict.app).get('/account/factors').set('Cookie', cookie).expect(401)
  })

  it('R77 lets the last factor be removed only while recovery codes are left', async () => {
    const user = await strict.addUser()
    const { cookie } = await enrolTotp(strict, (await pendingSignIn(strict, user.username)).cookie)
    await strict.factors.updateOne({ _id: user.id }, { $set: { recoveryCodes: [] } })
    const refused = await request(strict.app).delete('/account/totp').set('Cookie', cookie)
    expect([refused.status, refused.body.code]).toEqual([409, 'last_factor'])
    const made = await post('/account/recovery_codes', cookie, {}, strict).expect(200)
    await request(strict.app).delete('/account/totp').set('Cookie', cookie).expect(204)
    const pending = await pendingSignIn(strict, user.username)
    expect(pending.answer.body.factors).toEqual(['recovery_code'])
    await second(pending.cookie, made.body.recoveryCodes[0], strict).expect(200)
  })
})

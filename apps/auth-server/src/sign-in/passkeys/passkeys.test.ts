import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { cookieOf, startTestApp } from '../../../testing/auth-server.fixture.ts'
import { pendingSignIn } from '../../../testing/factors.fixture.ts'
import { sessionStatus, userSignedIn } from '../../../testing/signed-in.fixture.ts'
import { softwarePasskey } from '../../../testing/software-passkey.fixture.ts'

const origin = 'http://localhost'
let server: Awaited<ReturnType<typeof startTestApp>>
beforeAll(async () => {
  const many = { LIMIT_SIGN_IN_PER_ADDRESS: '10000', SUSPEND_AFTER_FAILURES: '10000' }
  server = await startTestApp({ ...many, PUBLIC_URL: origin })
})
afterAll(() => server.close())

const post = (path: string, cookie = '', body: object = {}) =>
  request(server.app).post(path).set('Cookie', cookie).send(body)

/** A new user who has registered a passkey. */
async function userWithPasskey(flags = {}) {
  const { user, cookie } = await userSignedIn(server)
  const passkey = softwarePasskey({ origin, rpId: 'localhost' })
  const { body } = await post('/account/passkeys/options', cookie).expect(200)
  const answer = { ...passkey.create(body, flags), name: 'My phone' }
  const added = await post('/account/passkeys', cookie, answer).expect(201)
  return { user, passkey, added, cookie: cookieOf(added) }
}

/** The request options for an authenticator, and the cookie of the session they belong to. */
async function challenge(cookie = '') {
  const answer = await post('/login/passkey/options', cookie).expect(200)
  return { options: answer.body, cookie: cookieOf(answer) || cookie }
}

describe('a passkey', () => {
  it('R79 is registered with a name; the first factor comes with recovery codes', async () => {
    const { added, cookie } = await userWithPasskey()
    expect(added.body).toMatchObject({ id: expect.any(String), name: 'My phone' })
    expect(added.body.recoveryCodes).toHaveLength(10)
    const { id } = added.body
    const path = `/account/passkeys/${id}`
    await request(server.app).patch(path).set('Cookie', cookie).send({ name: 'Key' }).expect(204)
    const shown = await request(server.app).get('/account/factors').set('Cookie', cookie)
    expect(shown.body.passkeys).toEqual([
      { id, name: 'Key', createdAt: expect.any(String), lastUsedAt: null, backedUp: false },
    ])
    await request(server.app).delete(path).set('Cookie', cookie).expect(204)
    await request(server.app).delete(path).set('Cookie', cookie).expect(404)
  })

  it('R79 signs in alone and counts as two factors', async () => {
    const { user, passkey } = await userWithPasskey()
    const { options, cookie } = await challenge()
    const answer = await post('/login/passkey', cookie, passkey.get(options, user.id)).expect(200)
    expect(answer.body.user.id).toBe(user.id)
    const account = await request(server.app)
      .get('/account/factors')
      .set('Cookie', cookieOf(answer))
    expect(account.body.passkeys[0].lastUsedAt).toEqual(expect.any(String))
    // Only a session with two factors may do this.
    await post('/account/recovery_codes', cookieOf(answer)).expect(200)
  })

  it('R79 completes a sign-in after the password', async () => {
    const { user, passkey } = await userWithPasskey()
    const pending = await pendingSignIn(server, user.username)
    expect(pending.answer.body.factors).toEqual(['passkey', 'recovery_code'])
    const { options, cookie } = await challenge(pending.cookie)
    const unverified = passkey.get(options, user.id, { userVerified: false })
    const answer = await post('/login/passkey', cookie, unverified).expect(200)
    expect(await sessionStatus(server, cookieOf(answer))).toBe(200)
  })

  it('R79 signs in by a form, which returns to its page, or shows it again', async () => {
    const { user, passkey } = await userWithPasskey()
    const form = (cookie: string, fields: object) =>
      post('/login/passkey', cookie).type('form').set('Accept', 'text/html').send(fields)
    const first = await challenge()
    const refused = await form(first.cookie, { credential: '{}' }).expect(400)
    expect(refused.text).toContain('<h1>Sign in')
    const wrong = passkey.get(first.options, user.id, { challenge: 'AAAA' })
    const again = await form(first.cookie, { credential: JSON.stringify(wrong) }).expect(401)
    expect(again.text).toContain('This passkey did not work here.')
    const { options, cookie } = await challenge()
    const credential = JSON.stringify(passkey.get(options, user.id))
    const answer = await form(cookie, { credential, returnTo: '/account/factors' })
    expect([answer.status, answer.headers.location]).toEqual([303, '/account/factors'])
  })

  it('R79 renews a session; its user is verified unless the password was entered', async () => {
    const { user, passkey, cookie: byPassword } = await userWithPasskey()
    const touched = { userVerified: false }
    const first = await challenge(byPassword)
    expect(first.options.userVerification).toBe('preferred')
    const withPassword = passkey.get(first.options, user.id, touched)
    await post('/reauthenticate', first.cookie, withPassword).expect(200)
    const alone = await challenge()
    const signedIn = await post('/login/passkey', alone.cookie, passkey.get(alone.options, user.id))
    const second = await challenge(cookieOf(signedIn))
    expect(second.options.userVerification).toBe('required')
    const unverified = passkey.get(second.options, user.id, touched)
    const refused = await post('/reauthenticate', second.cookie, unverified).expect(401)
    expect(refused.body.code).toBe('invalid_passkey')
    const third = await challenge(second.cookie)
    const verified = passkey.get(third.options, user.id)
    const renewed = await post('/reauthenticate', third.cookie, verified).expect(200)
    await post('/account/recovery_codes', cookieOf(renewed)).expect(200)
  })

  it('R79 is added, renamed and removed by forms', async () => {
    const { user, cookie } = await userSignedIn(server)
    const passkey = softwarePasskey({ origin, rpId: 'localhost' })
    const form = (path: string, cookie: string, fields: object) =>
      post(path, cookie).type('form').set('Accept', 'text/html').send(fields)
    const { body } = await post('/account/passkeys/options', cookie).expect(200)
    const credential = JSON.stringify(passkey.create(body, { userVerified: false }))
    const added = await form('/account/passkeys', cookie, { credential, name: 'Key' }).expect(200)
    expect(added.text).toContain('Save your recovery codes')
    const { passkeys } = await server.factors.findById(user.id).orFail()
    const path = `/account/passkeys/${passkeys[0]?.id}`
    const nameless = await form(`${path}/rename`, cookieOf(added), { name: '' }).expect(400)
    expect(nameless.text).toContain('role="alert"')
    await form(`${path}/rename`, cookieOf(added), { name: 'Blue key' }).expect(303)
    const page = await request(server.app)
      .get('/account/factors')
      .set({ Cookie: cookieOf(added), Accept: 'text/html' })
    expect(page.text).toContain('Blue key')
    await form(`${path}/delete`, cookieOf(added), {}).expect(303)
  })

  it.each([
    ['without its user verified', { userVerified: false }],
    ['for another origin', { origin: 'https://evil.example' }],
    ['for another site', { rpId: 'evil.example' }],
    ['over another challenge', { challenge: 'AAAAAAAAAAAAAAAAAAAAAA' }],
    ['of another ceremony', { type: 'webauthn.create' }],
  ])('R79 is refused %s', async (_what, change) => {
    const { user, passkey } = await userWithPasskey()
    const { options, cookie } = await challenge()
    const answer = await post('/login/passkey', cookie, passkey.get(options, user.id, change))
    expect([answer.status, answer.body.code]).toEqual([401, 'invalid_passkey'])
  })

  it('R79 is refused with a wrong signature, for another user and when replayed', async () => {
    const { user, passkey } = await userWithPasskey()
    const other = await userWithPasskey()
    const first = await challenge()
    const good = passkey.get(first.options, user.id)
    const { signature } = other.passkey.get(first.options, user.id).response
    const forged = { ...good, response: { ...good.response, signature } }
    await post('/login/passkey', first.cookie, forged).expect(401)
    const second = await challenge()
    const foreign = other.passkey.get(second.options, user.id)
    await post('/login/passkey', second.cookie, foreign).expect(401)
    const third = await challenge()
    const used = passkey.get(third.options, user.id)
    await post('/login/passkey', third.cookie, used).expect(200)
    await post('/login/passkey', third.cookie, used).expect(401)
  })

  it('R79 is refused if its counter goes backwards, unless it is synced', async () => {
    for (const backedUp of [false, true]) {
      // oxlint-disable-next-line no-await-in-loop
      const { user, passkey } = await userWithPasskey({ counter: 5, backedUp })
      // oxlint-disable-next-line no-await-in-loop
      const { options, cookie } = await challenge()
      const answer = passkey.get(options, user.id, { counter: 4, backedUp })
      // oxlint-disable-next-line no-await-in-loop
      await post('/login/passkey', cookie, answer).expect(backedUp ? 200 : 401)
      // oxlint-disable-next-line no-await-in-loop
      expect(await server.audited({ event: 'passkey_counter_low' })).not.toHaveLength(0)
    }
  })
})

describe('POST /login/passkey/options', () => {
  it('R63 begins a limited number of sessions for each network address', async () => {
    const limited = await startTestApp({ LIMIT_VISITORS_PER_ADDRESS: '3' })
    const ask = (cookie = '') =>
      request(limited.app).post('/login/passkey/options').set('Cookie', cookie)
    const first = await ask().expect(200)
    await ask().expect(200)
    await ask().expect(200)
    const { body, headers } = await ask().expect(429)
    expect({ code: body.code, retryAfter: headers['retry-after'] }).toEqual({
      code: 'too_many_attempts',
      retryAfter: expect.stringMatching(/^\d+$/),
    })
    expect(headers['set-cookie']).toBeUndefined()
    expect(await limited.redis.keys(`${limited.keyPrefix}sess:*`)).toHaveLength(3)
    // A browser with a session goes on.
    await ask(cookieOf(first)).expect(200)
    await limited.close()
  })
})

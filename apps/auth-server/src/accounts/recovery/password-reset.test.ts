import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import {
  cookieOf,
  cookiesOf,
  password,
  startTestApp,
} from '../../../testing/auth-server.fixture.ts'
import { linkIn, mailTo, tokenIn } from '../../../testing/mailed-links.fixture.ts'
import { signLink } from '../links/signed-link.ts'
import { findUserById } from '../../users/find-user.ts'
import { setPassword } from '../../users/set-password.ts'
import type { User } from '../../users/user.model.ts'

let server: Awaited<ReturnType<typeof startTestApp>>
const newPassword = 'eight loud rivers part'

beforeAll(async () => {
  server = await startTestApp({ LIMIT_MAIL_PER_ADDRESS: '1000' })
})
afterAll(() => server.close())

async function forgotten(given: { verifiedAt?: Date | null } = {}) {
  const user = await server.addUser(given)
  await request(server.app).post('/forgot_password').send({ email: user.email }).expect(202)
  const mail = await mailTo(server, { to: user.email, kind: 'reset' })
  return { user, link: linkIn(mail), token: tokenIn(mail) }
}

function reset(token: unknown, chosen: unknown = newPassword) {
  return request(server.app).post('/reset_password').send({ token, password: chosen })
}

function signIn(user: User, chosen = password) {
  return request(server.app).post('/login').send({ username: user.username, password: chosen })
}

function tokenNow(user: User, now = new Date()) {
  return signLink({ purpose: 'reset', user, secrets: server.config.mailSecrets, now }).token
}

describe('POST /reset_password', () => {
  it('makes the new password the only one, and signs nobody in (R17)', async () => {
    const { user, token } = await forgotten()
    const answer = await reset(token).expect(200)
    // Only the device cookie, no session.
    expect(cookiesOf(answer)).toEqual([expect.stringMatching(/^device=/)])
    await signIn(user).expect(401)
    await signIn(user, newPassword).expect(200)
  })

  it('R18 ends every session of the user', async () => {
    const { user, token } = await forgotten()
    const cookies = [cookieOf(await signIn(user)), cookieOf(await signIn(user))]
    await reset(token)
      .set('Cookie', cookies[0] ?? '')
      .expect(200)
    for (const cookie of cookies)
      // oxlint-disable-next-line no-await-in-loop
      await request(server.app).get('/session').set('Cookie', cookie).expect(401)
    expect((await findUserById(server.users, user.id))?.sessionsToEnd).toBeNull()
  })

  it('R15 works once: it invalidates this and every other reset link of the user', async () => {
    const { user, token } = await forgotten()
    const other = tokenNow(user, new Date(Date.now() - 5000))
    await reset(token).expect(200)
    for (const done of [token, other]) {
      // oxlint-disable-next-line no-await-in-loop
      const answer = await reset(done, 'nine cold rivers bend').expect(400)
      expect(answer.body).toMatchObject({ code: 'invalid_or_expired_token' })
      expect(answer.body.contact).toEqual(expect.any(String))
    }
    await signIn(user, newPassword).expect(200)
  })

  it('accepts one of two concurrent resets', async () => {
    const { user, token } = await forgotten()
    const chosen = ['eight loud rivers part', 'nine cold rivers bend']
    const answers = await Promise.all(chosen.map((each) => reset(token, each)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const won = answers.findIndex(({ status }) => status === 200)
    await signIn(user, chosen[won]).expect(200)
  })

  it('is refused if the address changes while the password is hashed', async () => {
    const { user } = await forgotten()
    const emailKey = `moved-${user.emailKey}`
    await server.users.updateOne(
      { emailKey: user.emailKey },
      { $set: { email: emailKey, emailKey } },
    )
    const late = setPassword(server, { user, password: newPassword })
    await expect(late).rejects.toMatchObject({ code: 'password_changed_meanwhile' })
    await signIn(user).expect(200)
  })

  it('drops a pending change of address, so that an intruder’s link is invalid', async () => {
    const { user, token } = await forgotten()
    const newEmail = `${crypto.randomUUID().slice(0, 8)}@new.example`
    await request(server.app)
      .post('/change_email')
      .set('Cookie', cookieOf(await signIn(user)))
      .send({ password, newEmail })
      .expect(202)
    const mail = await mailTo(server, { to: newEmail, kind: 'email_change' })
    await reset(token).expect(200)
    await request(server.app)
      .post('/confirm_email')
      .send({ token: tokenIn(mail) })
      .expect(400)
    expect((await findUserById(server.users, user.id))?.email).toBe(user.email)
  })

  it('accepts an older link after a newer one was requested, until one is used', async () => {
    const { user, token: newer } = await forgotten()
    const older = tokenNow(user, new Date(Date.now() - 60_000))
    expect(newer).not.toBe(older)
    await reset(older).expect(200)
    await reset(newer, 'nine cold rivers bend').expect(400)
    await signIn(user, newPassword).expect(200)
  })

  it('refuses a link after half an hour', async () => {
    const user = await server.addUser()
    await reset(tokenNow(user, new Date(Date.now() - 30 * 60_000 - 1000))).expect(400)
    await signIn(user).expect(200)
  })

  it('sends the user an e-mail (R14)', async () => {
    const { user, token } = await forgotten()
    await reset(token).expect(200)
    const mail = await mailTo(server, { to: user.email, kind: 'password_changed' })
    expect(mail.data).toMatchObject({ username: user.username })
  })

  it('confirms the account, because the link proves the mailbox', async () => {
    const { user, token } = await forgotten({ verifiedAt: null })
    await signIn(user).expect(403)
    await reset(token).expect(200)
    await signIn(user, newPassword).expect(200)
  })

  it.each([
    ['R1 too short', 'quick fox jump'],
    ['R4 too common', '1qaz2wsx3edc4rfv'],
    ['R4 common with digits added', 'password1234567'],
    ['R5 named after the site', 'my latchkey password'],
  ])('refuses a password that is %s, and the link stays valid', async (_what, chosen) => {
    const { token } = await forgotten()
    const answer = await reset(token, chosen).expect(400)
    expect(answer.body).toMatchObject({ code: 'invalid_input', errors: [{ field: 'password' }] })
    await reset(token).expect(200)
  })

  it('needs no part of a token to be stored (R16)', async () => {
    const { user, token } = await forgotten()
    const record = JSON.stringify(await server.users.findById(user.id).lean())
    expect(record).not.toContain(token.slice(0, 20))
    expect(record).not.toContain(token.slice(-20))
  })

  it('R41 refuses anything but text', async () => {
    const { token } = await forgotten()
    const answer = await reset({ $ne: null }, { $ne: null }).expect(400)
    expect(answer.body.errors).toHaveLength(2)
    await reset(token, ['x']).expect(400)
  })
})

describe('GET /reset', () => {
  it('shows the form, keeps its URL private (R37) and does not use the link (C21)', async () => {
    const { user, link, token } = await forgotten()
    const visit = () =>
      request(server.app).get(`${link.pathname}${link.search}`).set('Accept', 'text/html')
    await visit().expect(200)
    const page = await visit().expect(200)
    expect(page.headers['referrer-policy']).toBe('strict-origin')
    expect(page.text).toContain(`value="${user.username}"`)
    expect(page.text).toContain('autocomplete="new-password"')
    await reset(token).expect(200)
    const late = await visit().expect(400)
    expect(late.text).toContain('href="/forgot_password"')
  })

  it('has a form that works without a script and leads to the sign-in page', async () => {
    const { user, token } = await forgotten()
    const post = (fields: object) =>
      request(server.app)
        .post('/reset_password')
        .set({ Accept: 'text/html', Origin: 'null', 'Sec-Fetch-Site': 'same-origin' })
        .type('form')
        .send(fields)
    const again = await post({ token, password: 'short' }).expect(400)
    expect(again.text).toContain('id="password-error"')
    expect(again.text).toContain(`value="${token}"`)
    expect(again.text).toContain(`value="${user.username}"`)
    expect(again.headers['referrer-policy']).toBe('strict-origin')
    const done = await post({ token, password: newPassword }).expect(303)
    const signInPage = await request(server.app)
      .get(String(done.headers.location))
      .set('Accept', 'text/html')
    expect(signInPage.text).toContain('Password changed')
  })
})

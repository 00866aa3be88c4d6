import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { cookieOf, password, startTestApp } from '../../../testing/auth-server.fixture.ts'
import { linkIn, mailTo, tokenIn } from '../../../testing/mailed-links.fixture.ts'
import { signLink } from '../links/signed-link.ts'
import { findUserById } from '../../users/find-user.ts'

let server: Awaited<ReturnType<typeof startTestApp>>

beforeAll(async () => {
  server = await startTestApp({ CONTACT_URL: 'https://example.com/contact' })
})
afterAll(() => server.close())

async function unconfirmed() {
  const user = await server.addUser({ verifiedAt: null })
  await request(server.app).post('/resend_confirmation').send({ email: user.email }).expect(202)
  const mail = await mailTo(server, { to: user.email, kind: 'confirm' })
  return { user, link: linkIn(mail), token: tokenIn(mail) }
}

async function isConfirmed(id: string): Promise<boolean> {
  return (await findUserById(server.users, id))?.verifiedAt instanceof Date
}

function confirm(token: unknown) {
  return request(server.app).post('/confirm_account').send({ token })
}

describe('GET /invite?confirmation=', () => {
  it('C21 R34 does not use the link: the button works after five GETs and a HEAD', async () => {
    const { user, link, token } = await unconfirmed()
    const path = `${link.pathname}${link.search}`
    for (const method of ['get', 'get', 'get', 'get', 'get', 'head'] as const)
      // oxlint-disable-next-line no-await-in-loop
      await request(server.app)[method](path).set('Accept', 'text/html').expect(200)
    expect(await isConfirmed(user.id)).toBe(false)
    await confirm(token).expect(200)
    expect(await isConfirmed(user.id)).toBe(true)
  })

  it('has one button that posts the token, and keeps the token private (R37)', async () => {
    const { link, token } = await unconfirmed()
    const page = await request(server.app).get(`${link.pathname}${link.search}`).expect(200)
    expect(page.headers['referrer-policy']).toBe('strict-origin')
    expect(page.headers['cache-control']).toBe('no-store')
    expect(page.text.match(/<button/g)).toHaveLength(1)
    expect(page.text).toContain(`name="token" value="${token}"`)
    expect(page.text).toContain('action="/confirm_account"')
  })
})

describe('POST /confirm_account', () => {
  it('leads from the page to sign in, with a notice (Origin: null, R32)', async () => {
    const { user, token } = await unconfirmed()
    const answer = await request(server.app)
      .post('/confirm_account')
      .set({ Accept: 'text/html', Origin: 'null', 'Sec-Fetch-Site': 'same-origin' })
      .type('form')
      .send({ token })
      .expect(303)
    const signIn = await request(server.app)
      .get(String(answer.headers.location))
      .set('Accept', 'text/html')
      .expect(200)
    expect(signIn.text).toContain('Your account is confirmed.')
    expect(await isConfirmed(user.id)).toBe(true)
  })

  it('refuses a post from a foreign page (R32)', async () => {
    const { user, token } = await unconfirmed()
    await confirm(token).set('Origin', 'https://evil.example').expect(403)
    const foreign = { Origin: 'null', 'Sec-Fetch-Site': 'cross-site' }
    await confirm(token).set(foreign).expect(403)
    expect(await isConfirmed(user.id)).toBe(false)
  })

  it('may be repeated, even concurrently', async () => {
    const { token } = await unconfirmed()
    const answers = await Promise.all([confirm(token), confirm(token), confirm(token)])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    await confirm(token).expect(200)
  })

  it('gives no session: the user has to sign in (R17)', async () => {
    const { user, token } = await unconfirmed()
    const login = () => request(server.app).post('/login').send({ username: user.email, password })
    await login().expect(403)
    const answer = await confirm(token).expect(200)
    expect(answer.headers['set-cookie']).toBeUndefined()
    expect(cookieOf(await login().expect(200))).toContain('session')
  })

  it.each(['nonsense', 'x'.repeat(64), 'A'.repeat(2000)])(
    'R15 refuses %j and gives the contact',
    async (token) => {
      const answer = await confirm(token).expect(400)
      expect(answer.body).toMatchObject({
        code: 'invalid_or_expired_token',
        contact: 'https://example.com/contact',
      })
    },
  )

  it('refuses a link after three days, and one for another purpose', async () => {
    const { user } = await unconfirmed()
    const secrets = server.config.mailSecrets
    const now = new Date(Date.now() - 3 * 86_400_000 - 1000)
    await confirm(signLink({ purpose: 'confirm', user, secrets, now }).token).expect(400)
    await confirm(signLink({ purpose: 'reset', user, secrets }).token).expect(400)
    expect(await isConfirmed(user.id)).toBe(false)
  })

  it.each([[{ $ne: null }], [['a']], [1], [null], [''], [undefined]])(
    'R41 refuses %j as a token',
    async (token) => {
      const answer = await confirm(token).expect(400)
      expect(answer.body).toMatchObject({ code: 'invalid_input', errors: [{ field: 'token' }] })
    },
  )

  it('shows a browser the error with the contact link', async () => {
    const answer = await request(server.app)
      .post('/confirm_account')
      .set('Accept', 'text/html')
      .type('form')
      .send({ token: 'nonsense' })
      .expect(400)
    expect(answer.text).toContain('href="https://example.com/contact"')
    expect(answer.text).toContain('/resend_confirmation')
  })
})

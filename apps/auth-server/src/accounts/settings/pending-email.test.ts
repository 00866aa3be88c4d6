import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { password, startTestApp } from '../../../testing/auth-server.fixture.ts'
import { allMailsTo, mailTo, tokenIn } from '../../../testing/mailed-links.fixture.ts'
import { userSignedInTwice } from '../../../testing/signed-in.fixture.ts'
import { findUserById } from '../../users/find-user.ts'

let server: Awaited<ReturnType<typeof startTestApp>>
beforeAll(async () => {
  server = await startTestApp({ LIMIT_MAIL_PER_ADDRESS: '1000', LIMIT_SIGN_IN_PER_ADDRESS: '1000' })
})
afterAll(() => server.close())

function post(path: string, cookie: string, body: object) {
  return request(server.app).post(path).set('Cookie', cookie).send(body)
}

async function changingTo(newEmail: string) {
  const { user, here } = await userSignedInTwice(server)
  await post('/change_email', here, { password, newEmail }).expect(202)
  const mail = await mailTo(server, { to: newEmail, kind: 'email_change' })
  return { user, here, token: tokenIn(mail) }
}

function anAddress(): string {
  return `${crypto.randomUUID().slice(0, 8)}@new.example`
}

describe('a new address that is not confirmed yet', () => {
  const accountPage = (cookie: string) =>
    request(server.app).get('/account').set({ Cookie: cookie, Accept: 'text/html' }).expect(200)

  it('is shown on the account page', async () => {
    const newEmail = anAddress()
    const { here } = await changingTo(newEmail)
    const { text } = await accountPage(here)
    expect(text).toContain(newEmail)
    expect(text).toContain('action="/change_email/resend"')
    expect(text).toContain('action="/change_email/cancel"')
  })

  it('can be cancelled: its link no longer works', async () => {
    const newEmail = anAddress()
    const { user, here, token } = await changingTo(newEmail)
    await post('/change_email/cancel', here, {}).expect(200)
    expect((await accountPage(here)).text).not.toContain(newEmail)
    await request(server.app).post('/confirm_email').send({ token }).expect(400)
    expect((await findUserById(server.users, user.id))?.email).toBe(user.email)
  })

  it('gets its link again, once in five minutes', async () => {
    const newEmail = anAddress()
    const { here } = await changingTo(newEmail)
    await post('/change_email/resend', here, {}).expect(202)
    expect(await allMailsTo(server, newEmail)).toHaveLength(1)
    const asked = await server.redis.keys(`${server.keyPrefix}mail-asked:email_change:*`)
    await server.redis.del(...asked)
    await post('/change_email/resend', here, {}).expect(202)
    expect(await allMailsTo(server, newEmail)).toHaveLength(2)
  })

  it('answers 404 if there is none', async () => {
    const { here } = await userSignedInTwice(server)
    const { body } = await post('/change_email/resend', here, {}).expect(404)
    expect(body.code).toBe('no_email_change')
    await post('/change_email/cancel', here, {}).expect(200)
  })

  it.each(['resend', 'cancel'])('is its user’s: %s needs a session', async (what) => {
    await request(server.app).post(`/change_email/${what}`).send({}).expect(401)
  })
})

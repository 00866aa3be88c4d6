import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { MailMessage } from 'mail-contract'
import request from 'supertest'
import { cookieOf, password, startTestApp } from '../../../testing/auth-server.fixture.ts'
import { mailTo, notMeTokenIn } from '../../../testing/mailed-links.fixture.ts'
import { sessionStatus, userSignedIn } from '../../../testing/signed-in.fixture.ts'

const newPassword = 'eight loud rivers part'

let server: Awaited<ReturnType<typeof startTestApp>>
beforeAll(async () => {
  server = await startTestApp({ LIMIT_MAIL_PER_ADDRESS: '1000' })
})
afterAll(() => server.close())

function post(path: string, body: object, cookie = '') {
  return request(server.app).post(path).set('Cookie', cookie).send(body)
}

function notMe(mail: MailMessage) {
  return post('/not_me', { token: notMeTokenIn(mail) })
}

async function changedPassword() {
  const { user, cookie } = await userSignedIn(server)
  const answer = await post('/change_password', { password, newPassword }, cookie).expect(200)
  const mail = await mailTo(server, { to: user.email, kind: 'password_changed' })
  return { user, mail, cookie: cookieOf(answer) }
}

describe('POST /not_me', () => {
  it('R15 works once for each link: a used one ends nothing, another one still does', async () => {
    const { user, mail, cookie } = await changedPassword()
    await post('/change_email', { password: newPassword, newEmail: 'a@new.example' }, cookie)
    const other = await mailTo(server, { to: user.email, kind: 'email_changed' })
    await notMe(mail).expect(200)
    for (const link of [mail, other]) {
      // oxlint-disable-next-line no-await-in-loop
      const login = await post('/login', { username: user.username, password: newPassword })
      // oxlint-disable-next-line no-await-in-loop
      expect((await notMe(link)).status).toBe(link === mail ? 400 : 200)
      // oxlint-disable-next-line no-await-in-loop
      expect(await sessionStatus(server, cookieOf(login))).toBe(link === mail ? 200 : 401)
    }
    await notMe(other).expect(400)
  })

  it('R15 accepts one of two concurrent clicks', async () => {
    const { mail } = await changedPassword()
    const answers = await Promise.all([notMe(mail), notMe(mail)])
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400])
  })
})

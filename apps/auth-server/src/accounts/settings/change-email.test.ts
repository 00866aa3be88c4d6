import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Types } from 'mongoose'
import request from 'supertest'
import { cookieOf, password, startTestApp } from '../../../testing/auth-server.fixture.ts'
import { bytesOf } from '../../../testing/bytes-of.fixture.ts'
import { allMailsTo, linkIn, mailTo, tokenIn } from '../../../testing/mailed-links.fixture.ts'
import { mailEntry } from '../../mail/mail-entry.ts'
import { until } from '../../../testing/outbox.fixture.ts'
import { ageSignIn } from '../../../testing/age-sign-in.fixture.ts'
import { sessionStatus, userSignedInTwice } from '../../../testing/signed-in.fixture.ts'
import { startBehindProxy } from '../../../testing/behind-proxy.fixture.ts'
import { findUserById } from '../../users/find-user.ts'

let server: Awaited<ReturnType<typeof startTestApp>>
const newPassword = 'eight loud rivers part'

beforeAll(async () => {
  server = await startTestApp({ LIMIT_MAIL_PER_ADDRESS: '1000', LIMIT_SIGN_IN_PER_ADDRESS: '1000' })
})
afterAll(() => server.close())

function signIn(username: string) {
  return request(server.app).post('/login').send({ username, password })
}

function post(path: string, cookie: string, body: object) {
  return request(server.app).post(path).set('Cookie', cookie).send(body)
}

async function changingTo(newEmail: string) {
  const { user, here, elsewhere } = await userSignedInTwice(server)
  await post('/change_email', here, { password, newEmail }).expect(202)
  const mail = await mailTo(server, { to: newEmail, kind: 'email_change' })
  return { user, here, elsewhere, token: tokenIn(mail), link: linkIn(mail) }
}

function anAddress(): string {
  return `${crypto.randomUUID().slice(0, 8)}@new.example`
}

describe('POST /change_email', () => {
  it('R20 needs the password', async () => {
    const { user, here } = await userSignedInTwice(server)
    await post('/change_email', here, { password: 'wrong', newEmail: anAddress() }).expect(401)
    expect((await findUserById(server.users, user.id))?.pendingEmail).toBeNull()
  })

  it('changes nothing yet: a link goes to the new address, a notice to the old one (R14)', async () => {
    const newEmail = anAddress()
    const { user } = await changingTo(newEmail)
    const stored = await findUserById(server.users, user.id)
    expect(stored).toMatchObject({ email: user.email, pendingEmail: { email: newEmail } })
    const notice = await mailTo(server, { to: user.email, kind: 'email_changed' })
    expect(notice.data).toMatchObject({ newEmail })
  })

  it('R9 does not reveal whether another account has the address', async () => {
    const other = await server.addUser()
    const { here } = await userSignedInTwice(server)
    const answers = [
      await post('/change_email', here, { password, newEmail: other.email }),
      await post('/change_email', here, { password, newEmail: anAddress() }),
    ]
    expect(new Set(answers.map(bytesOf)).size).toBe(1)
    expect(answers[0]?.status).toBe(202)
  })

  it('sends one e-mail in 5 minutes to a new address', async () => {
    const newEmail = anAddress()
    const { here } = await changingTo(newEmail)
    await post('/change_email', here, { password, newEmail }).expect(202)
    expect(await allMailsTo(server, newEmail)).toHaveLength(1)
  })

  it('sends a link even if somebody else has requested the same address before', async () => {
    const newEmail = anAddress()
    await changingTo(newEmail)
    const { here, user } = await userSignedInTwice(server)
    await post('/change_email', here, { password, newEmail }).expect(202)
    const names = (await allMailsTo(server, newEmail)).map(({ data }) => data)
    expect(names).toContainEqual(expect.objectContaining({ username: user.username }))
  })

  it('is dropped by a new password, so that an intruder’s link is invalid', async () => {
    const { user, here, token } = await changingTo(anAddress())
    await post('/change_password', here, { password, newPassword }).expect(200)
    await post('/confirm_email', '', { token }).expect(400)
    expect((await findUserById(server.users, user.id))?.email).toBe(user.email)
  })

  it('leaves no pending address when the password changes at the same time', async () => {
    for (let round = 0; round < 5; round += 1) {
      // oxlint-disable-next-line no-await-in-loop
      const { user, here } = await userSignedInTwice(server)
      // oxlint-disable-next-line no-await-in-loop
      const [asked, changed] = await Promise.all([
        post('/change_email', here, { password, newEmail: anAddress() }),
        post('/change_password', here, { password, newPassword }),
      ])
      expect(changed.status).toBe(200)
      expect([202, 401, 409]).toContain(asked.status)
      // oxlint-disable-next-line no-await-in-loop
      expect((await findUserById(server.users, user.id))?.pendingEmail).toBeNull()
    }
  })

  it('never sends the link for one of two concurrent requests to the address of the other', async () => {
    const { user } = await userSignedInTwice(server)
    const [mine, theirs] = [anAddress(), anAddress()]
    // What two requests leave behind if both write before the relay runs.
    const entries = [mine, theirs].map((to) => mailEntry({ kind: 'email_change', to }))
    const pendingEmail = { email: theirs, emailKey: theirs }
    await server.users.updateOne(
      { _id: new Types.ObjectId(user.id) },
      { $set: { pendingEmail }, $push: { outbox: { $each: entries } } },
    )
    await mailTo(server, { to: theirs, kind: 'email_change' })
    expect(await allMailsTo(server, mine)).toEqual([])
    const [left] = (await findUserById(server.users, user.id))?.outbox ?? []
    expect(left).toMatchObject({ to: mine, failedAt: expect.any(Date) })
  })

  it('refuses the current address, an invalid one (R43) and lookalikes (C22)', async () => {
    const { user, here } = await userSignedInTwice(server)
    const lookalike = `ｘ${anAddress()}`
    const header = 'a@b.example\r\nBcc: e@e.example'
    for (const newEmail of [user.email.toUpperCase(), 'ada', header, lookalike]) {
      // oxlint-disable-next-line no-await-in-loop
      const answer = await post('/change_email', here, { password, newEmail }).expect(400)
      expect(answer.body.errors).toEqual([expect.objectContaining({ field: 'newEmail' })])
    }
  })
})

describe('POST /change_email while MongoDB goes down', () => {
  let behind: Awaited<ReturnType<typeof startBehindProxy>>
  beforeAll(async () => {
    behind = await startBehindProxy(server)
  })
  afterAll(() => behind.close())

  it('R62 answers 503, and a retry sends the link at once', async () => {
    const { username } = await server.addUser()
    const newEmail = anAddress()
    const ask = (path: string, body: object, cookie = '') =>
      request(behind.app)
        .post(path)
        .set('Cookie', cookie)
        .send({ password, ...body })
    const cookie = cookieOf(await ask('/login', { username }).expect(200))
    // At this write the password has been checked, and the address's five minutes have begun.
    const isWrite = ({ command }: { command: object }) => JSON.stringify(command).includes(newEmail)
    const gone = behind.onCommand(isWrite, () => void behind.proxy.refuse())
    await ask('/change_email', { newEmail }, cookie).expect(503)
    await gone
    await behind.proxy.heal()
    await until(async () => (await ask('/change_email', { newEmail }, cookie)).status === 202)
    await until(() => [...server.mails, ...behind.mails].some(({ to }) => to === newEmail))
  })
})

describe('POST /confirm_email', () => {
  it('changes the address: sign-in works with the new one and no longer with the old one', async () => {
    const newEmail = anAddress()
    const { user, token } = await changingTo(newEmail)
    await post('/confirm_email', '', { token }).expect(200)
    await signIn(newEmail).expect(200)
    await signIn(user.email).expect(401)
  })

  it('ends all sessions, which hold the old address, and renews that of this browser', async () => {
    const newEmail = anAddress()
    const { here, elsewhere, token } = await changingTo(newEmail)
    const answer = await post('/confirm_email', here, { token }).expect(200)
    expect(await sessionStatus(server, here)).toBe(401)
    expect(await sessionStatus(server, elsewhere)).toBe(401)
    const session = await request(server.app).get('/session').set('Cookie', cookieOf(answer))
    expect(session.body.user.email).toBe(newEmail)
  })

  it('does not count as a fresh sign-in', async () => {
    const { here, token } = await changingTo(anAddress())
    await ageSignIn(server, here, 20)
    const cookie = cookieOf(await post('/confirm_email', here, { token }).expect(200))
    const { body } = await request(server.app).get('/account').set('Cookie', cookie).expect(200)
    expect(Date.now() - Date.parse(body.signedInAt)).toBeGreaterThan(20 * 60_000)
  })

  it('keeps the time of the sign-in, on the account page and in the list', async () => {
    const { here, token } = await changingTo(anAddress())
    await ageSignIn(server, here, 20)
    const cookie = cookieOf(await post('/confirm_email', here, { token }).expect(200))
    const get = (path: string) => request(server.app).get(path).set('Cookie', cookie).expect(200)
    const { body: account } = await get('/account')
    const { body: own } = await get('/sessions')
    expect(own.sessions).toHaveLength(1)
    expect(own.sessions[0].signedInAt).toBe(account.signedInAt)
  })

  it('signs nobody in', async () => {
    const { token } = await changingTo(anAddress())
    const answer = await post('/confirm_email', '', { token }).expect(200)
    expect(answer.headers['set-cookie']).toBeUndefined()
  })

  it('C21 R34 R37 has a page that does not use the link and keeps its token private', async () => {
    const { link, token } = await changingTo(anAddress())
    const visit = () =>
      request(server.app).get(`${link.pathname}${link.search}`).set('Accept', 'text/html')
    await visit().expect(200)
    const page = await visit().expect(200)
    expect(page.headers['referrer-policy']).toBe('strict-origin')
    expect(page.text).toContain('action="/confirm_email"')
    await post('/confirm_email', '', { token }).expect(200)
    await visit().expect(400)
  })

  it('R15 refuses a link that was used, is for an earlier request, or is for another purpose', async () => {
    const { token } = await changingTo(anAddress())
    await post('/confirm_email', '', { token }).expect(200)
    await post('/confirm_email', '', { token }).expect(400)
    const { here, token: older } = await changingTo(anAddress())
    await post('/change_email', here, { password, newEmail: anAddress() }).expect(202)
    await post('/confirm_email', '', { token: older }).expect(400)
    await post('/confirm_account', '', { token: older }).expect(400)
  })

  it('takes the address from an account that was never confirmed', async () => {
    const newEmail = anAddress()
    const { user, token } = await changingTo(newEmail)
    const squatter = await server.addUser({ email: newEmail, verifiedAt: null })
    await post('/confirm_email', '', { token }).expect(200)
    expect((await findUserById(server.users, user.id))?.email).toBe(newEmail)
    expect(await findUserById(server.users, squatter.id)).toBeNull()
  })

  it('answers 409 if a confirmed account has got the address meanwhile', async () => {
    const newEmail = anAddress()
    const { user, token } = await changingTo(newEmail)
    await server.addUser({ username: `u-${newEmail.slice(0, 8)}`, email: newEmail })
    const answer = await post('/confirm_email', '', { token }).expect(409)
    expect(answer.body.code).toBe('email_taken')
    await signIn(user.email).expect(200)
  })
})

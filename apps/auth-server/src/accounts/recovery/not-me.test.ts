import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { MailMessage } from 'mail-contract'
import request from 'supertest'
import { cookieOf, password, startTestApp } from '../../../testing/auth-server.fixture.ts'
import { allMailsTo, mailTo, notMeTokenIn, tokenIn } from '../../../testing/mailed-links.fixture.ts'
import { sessionStatus, userSignedIn } from '../../../testing/signed-in.fixture.ts'
import { findUserById } from '../../users/find-user.ts'

let server: Awaited<ReturnType<typeof startTestApp>>
const newPassword = 'eight loud rivers part'

beforeAll(async () => {
  server = await startTestApp({ LIMIT_MAIL_PER_ADDRESS: '1000', LIMIT_SIGN_IN_PER_ADDRESS: '1000' })
})
afterAll(() => server.close())

function post(path: string, body: object, cookie = '') {
  return request(server.app).post(path).set('Cookie', cookie).send(body)
}

function notMe(mail: MailMessage) {
  return post('/not_me', { token: notMeTokenIn(mail) })
}

function page(mail: MailMessage) {
  return request(server.app)
    .get(`/not_me?token=${notMeTokenIn(mail)}`)
    .set('Accept', 'text/html')
}

async function confirmMail() {
  const user = await server.addUser({ verifiedAt: null })
  // As a sign-up leaves it.
  const claimed = [{ invite: user.invite, name: user.username }]
  await server.users.updateOne({ emailKey: user.emailKey }, { $set: { claimed } })
  await post('/resend_confirmation', { email: user.email }).expect(202)
  return { user, mail: await mailTo(server, { to: user.email, kind: 'confirm' }) }
}

async function changedPassword() {
  const { user, cookie } = await userSignedIn(server)
  const answer = await post('/change_password', { password, newPassword }, cookie).expect(200)
  const mail = await mailTo(server, { to: user.email, kind: 'password_changed' })
  return { user, mail, cookie: cookieOf(answer) }
}

/** Requests a new address and, by default, confirms it. */
async function changedEmail(
  { from, cookie, given = password }: { from: string; cookie: string; given?: string },
  { confirmed = true } = {},
) {
  const newEmail = `${crypto.randomUUID().slice(0, 8)}@new.example`
  await post('/change_email', { password: given, newEmail }, cookie).expect(202)
  const toNew = await mailTo(server, { to: newEmail, kind: 'email_change' })
  const toOld = await mailTo(server, { to: from, kind: 'email_changed' })
  if (confirmed) await post('/confirm_email', { token: tokenIn(toNew) }).expect(200)
  return { newEmail, toNew, toOld }
}

async function changingEmail() {
  const { user, cookie } = await userSignedIn(server)
  const change = await changedEmail({ from: user.email, cookie }, { confirmed: false })
  return { user, cookie, ...change }
}

/** A → B → C, with C only requested if not confirmed; gives the notices sent to A and B. */
async function changedTwice({ secondConfirmed: confirmed = true } = {}) {
  const { user, cookie } = await userSignedIn(server)
  const { newEmail, toOld } = await changedEmail({ from: user.email, cookie })
  const login = await post('/login', { username: newEmail, password }).expect(200)
  const second = await changedEmail({ from: newEmail, cookie: cookieOf(login) }, { confirmed })
  return { user, newEmail, toOld, toSecond: second.toOld }
}

async function emailOf(id: string): Promise<string | undefined> {
  return (await findUserById(server.users, id))?.email
}

describe('POST /not_me from the e-mail to confirm an account', () => {
  it('removes an account that was never confirmed', async () => {
    const { user, mail } = await confirmMail()
    await notMe(mail).expect(200)
    expect(await findUserById(server.users, user.id)).toBeNull()
    await post('/confirm_account', { token: tokenIn(mail) }).expect(400)
    await notMe(mail).expect(400)
  })

  it('keeps an imported account that is not confirmed', async () => {
    const user = await server.addUser({ verifiedAt: null })
    await post('/forgot_password', { email: user.email }).expect(202)
    const mail = await mailTo(server, { to: user.email, kind: 'reset' })
    expect((await page(mail).expect(200)).text).not.toContain('Remove this account')
    expect((await notMe(mail).expect(200)).body).toEqual({ outcome: 'sessions_ended' })
    expect(await findUserById(server.users, user.id)).not.toBeNull()
  })

  it('keeps a confirmed account and ends its sessions', async () => {
    const { user, mail } = await confirmMail()
    await post('/confirm_account', { token: tokenIn(mail) }).expect(200)
    const cookie = cookieOf(await post('/login', { username: user.username, password }))
    await notMe(mail).expect(200)
    expect(await findUserById(server.users, user.id)).not.toBeNull()
    expect(await sessionStatus(server, cookie)).toBe(401)
  })

  it('leaves the account either confirmed or removed when both links are clicked at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      // oxlint-disable-next-line no-await-in-loop
      const { user, mail } = await confirmMail()
      // oxlint-disable-next-line no-await-in-loop
      const [confirmed] = await Promise.all([
        post('/confirm_account', { token: tokenIn(mail) }),
        notMe(mail).expect(200),
      ])
      // oxlint-disable-next-line no-await-in-loop
      const left = await findUserById(server.users, user.id)
      expect(left === null ? 400 : 200).toBe(confirmed.status)
      if (left) expect(left.verifiedAt).not.toBeNull()
    }
  })
})

describe('POST /not_me from a notice', () => {
  it('ends all sessions and sends an e-mail to reset the password', async () => {
    const { user, mail, cookie } = await changedPassword()
    expect(await sessionStatus(server, cookie)).toBe(200)
    await notMe(mail).expect(200)
    expect(await sessionStatus(server, cookie)).toBe(401)
    const reset = await mailTo(server, { to: user.email, kind: 'reset' })
    await post('/reset_password', {
      token: tokenIn(reset),
      password: 'ten tall rivers rise',
    }).expect(200)
  })

  it('drops a pending address', async () => {
    const { user, newEmail, toNew, toOld } = await changingEmail()
    await notMe(toOld).expect(200)
    await post('/confirm_email', { token: tokenIn(toNew) }).expect(400)
    expect((await findUserById(server.users, user.id))?.email).toBe(user.email)
    expect((await allMailsTo(server, newEmail)).map(({ kind }) => kind)).toEqual(['email_change'])
  })

  it('gives the account back after its address was changed, and removes the password', async () => {
    const { user, newEmail, toNew, toOld } = await changingEmail()
    await post('/confirm_email', { token: tokenIn(toNew) }).expect(200)
    const cookie = cookieOf(await post('/login', { username: newEmail, password }).expect(200))
    await notMe(toOld).expect(200)
    expect(await sessionStatus(server, cookie)).toBe(401)
    await post('/login', { username: newEmail, password }).expect(401)
    await post('/login', { username: user.email, password }).expect(401)
    const reset = await mailTo(server, { to: user.email, kind: 'reset' })
    await post('/reset_password', { token: tokenIn(reset), password: newPassword }).expect(200)
    await post('/login', { username: user.email, password: newPassword }).expect(200)
  })

  it('ends the sessions even if the address now belongs to another account', async () => {
    const { user, newEmail, toNew, toOld } = await changingEmail()
    await post('/confirm_email', { token: tokenIn(toNew) }).expect(200)
    const cookie = cookieOf(await post('/login', { username: newEmail, password }).expect(200))
    await server.addUser({ email: user.email })
    await notMe(toOld).expect(200)
    expect(await sessionStatus(server, cookie)).toBe(401)
    expect((await findUserById(server.users, user.id))?.email).toBe(newEmail)
  })
})

describe('an address that is given back', () => {
  it('is taken from an unconfirmed account that holds it', async () => {
    const { user, newEmail, toNew, toOld } = await changingEmail()
    await post('/confirm_email', { token: tokenIn(toNew) }).expect(200)
    const squatter = await server.addUser({ email: user.email, verifiedAt: null })
    await notMe(toOld).expect(200)
    expect(await emailOf(user.id)).toBe(user.email)
    expect(await findUserById(server.users, squatter.id)).toBeNull()
    await post('/login', { username: newEmail, password }).expect(401)
    await mailTo(server, { to: user.email, kind: 'reset' })
  })

  it('stays given back: no link sent to the replaced address undoes it', async () => {
    const { user, newEmail, toOld, toSecond } = await changedTwice({ secondConfirmed: false })
    await notMe(toOld).expect(200)
    await page(toSecond).expect(400)
    expect((await notMe(toSecond).expect(400)).body.code).toBe('invalid_or_expired_token')
    expect(await emailOf(user.id)).toBe(user.email)
    await post('/login', { username: newEmail, password }).expect(401)
  })

  it('is the earliest of a chain, whichever owner asks first', async () => {
    const first = await changedTwice()
    await notMe(first.toSecond).expect(200)
    expect(await emailOf(first.user.id)).toBe(first.newEmail)
    await notMe(first.toOld).expect(200)
    expect(await emailOf(first.user.id)).toBe(first.user.email)
    const second = await changedTwice()
    await notMe(second.toOld).expect(200)
    await notMe(second.toSecond).expect(400)
    expect(await emailOf(second.user.id)).toBe(second.user.email)
  })

  it('is the earliest of a chain when both owners ask at once', async () => {
    for (let round = 0; round < 3; round += 1) {
      // oxlint-disable-next-line no-await-in-loop
      const { user, toOld, toSecond } = await changedTwice()
      // oxlint-disable-next-line no-await-in-loop
      await Promise.all([notMe(toSecond), notMe(toOld).expect(200)])
      // oxlint-disable-next-line no-await-in-loop
      expect(await emailOf(user.id)).toBe(user.email)
    }
  })

  it('can be changed again by its owner, and given back again', async () => {
    const { user, toOld } = await changedTwice()
    await notMe(toOld).expect(200)
    const reset = await mailTo(server, { to: user.email, kind: 'reset' })
    await post('/reset_password', { token: tokenIn(reset), password: newPassword }).expect(200)
    const cookie = cookieOf(await post('/login', { username: user.email, password: newPassword }))
    // A link expires on a whole second: two links made within one second are the same.
    await new Promise((resolve) => setTimeout(resolve, 1000))
    const change = await changedEmail({ given: newPassword, cookie, from: user.email })
    expect(await emailOf(user.id)).toBe(change.newEmail)
    await notMe(
      (await allMailsTo(server, user.email, 'email_changed')).at(-1) ?? change.toOld,
    ).expect(200)
    expect(await emailOf(user.id)).toBe(user.email)
  })

  it('causes an e-mail to the replaced address, without a link to undo it (R14)', async () => {
    const { user, newEmail, toNew, toOld } = await changingEmail()
    await post('/confirm_email', { token: tokenIn(toNew) }).expect(200)
    await notMe(toOld).expect(200)
    const notice = await mailTo(server, { to: newEmail, kind: 'email_changed' })
    expect(notice.data).toMatchObject({ newEmail: user.email, change: 'given_back' })
    expect(notice.data.notMeUrl).toBeUndefined()
  })
})

describe('POST /not_me from the e-mail to a new address', () => {
  it('drops the address and leaves the account and its sessions alone', async () => {
    const { user, cookie, toNew } = await changingEmail()
    await notMe(toNew).expect(200)
    await post('/confirm_email', { token: tokenIn(toNew) }).expect(400)
    expect(await sessionStatus(server, cookie)).toBe(200)
    expect((await findUserById(server.users, user.id))?.pendingEmail).toBeNull()
  })

  it('is refused once the address is the account’s', async () => {
    const { toNew } = await changingEmail()
    await post('/confirm_email', { token: tokenIn(toNew) }).expect(200)
    await notMe(toNew).expect(400)
  })
})

describe('GET /not_me', () => {
  it('changes nothing (R34), has one button, and keeps its token private (R37)', async () => {
    const { user, mail } = await confirmMail()
    const shown = await page(mail).expect(200)
    await page(mail).expect(200)
    expect(shown.headers['referrer-policy']).toBe('strict-origin')
    expect(shown.text).toContain('Remove this account')
    expect(shown.text.match(/<button/g)).toHaveLength(1)
    expect(await findUserById(server.users, user.id)).not.toBeNull()
  })

  it('says what its button will do', async () => {
    expect((await page((await changedPassword()).mail)).text).toContain('End all sessions')
    const { toNew } = await changingEmail()
    expect((await page(toNew)).text).toContain('Do not use my address')
  })

  it('has a form that works without a script and says what was done', async () => {
    const { mail } = await confirmMail()
    const answer = await request(server.app)
      .post('/not_me')
      .set({ Accept: 'text/html', Origin: 'null', 'Sec-Fetch-Site': 'same-origin' })
      .type('form')
      .send({ token: notMeTokenIn(mail) })
      .expect(200)
    expect(answer.text).toContain('Account removed')
  })

  it('reports an invalid link, with the contact link', async () => {
    const answer = await request(server.app)
      .get('/not_me?token=x')
      .set('Accept', 'text/html')
      .expect(400)
    expect(answer.text).toContain('Contact us')
    const program = await request(server.app).get('/not_me').expect(400)
    expect(program.body.code).toBe('invalid_or_expired_token')
  })
})

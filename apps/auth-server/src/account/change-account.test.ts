import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Types } from 'mongoose'
import request from 'supertest'
import { cookieOf, password, startTestApp } from '../auth-server.fixture.ts'
import { linkIn, mailsTo, mailTo, tokenIn } from '../links/mailed-links.fixture.ts'
import { mailEntry } from '../outbox/mail-entry.ts'
import { findUserById } from '../users/find-user.ts'

let server: Awaited<ReturnType<typeof startTestApp>>
const newPassword = 'eight loud rivers part'

beforeAll(async () => {
  server = await startTestApp({ LIMIT_MAIL_PER_ADDRESS: '1000', LIMIT_SIGN_IN_PER_ADDRESS: '1000' })
})
afterAll(() => server.close())

function signIn(username: string, chosen = password) {
  return request(server.app).post('/login').send({ username, password: chosen })
}

async function signedIn() {
  const user = await server.addUser()
  const here = cookieOf(await signIn(user.username).expect(200))
  const elsewhere = cookieOf(await signIn(user.username).expect(200))
  return { user, here, elsewhere }
}

function post(path: string, cookie: string, body: object) {
  return request(server.app).post(path).set('Cookie', cookie).send(body)
}

async function sessionStatus(cookie: string): Promise<number> {
  return (await request(server.app).get('/session').set('Cookie', cookie)).status
}

async function movingTo(newEmail: string) {
  const { user, here, elsewhere } = await signedIn()
  await post('/change_email', here, { password, newEmail }).expect(202)
  const mail = await mailTo(server, { to: newEmail, kind: 'email_change' })
  return { user, here, elsewhere, token: tokenIn(mail), link: linkIn(mail) }
}

function anAddress(): string {
  return `${crypto.randomUUID().slice(0, 8)}@new.example`
}

describe('POST /change_password', () => {
  it('asks for the password that holds now (R6), then makes the new one the only one', async () => {
    const { user, here } = await signedIn()
    const wrong = await post('/change_password', here, { password: 'wrong', newPassword })
    expect(wrong.status).toBe(401)
    expect(wrong.body.code).toBe('invalid_credentials')
    expect(await sessionStatus(here)).toBe(200)
    await post('/change_password', here, { password, newPassword }).expect(200)
    await signIn(user.username).expect(401)
    await signIn(user.username, newPassword).expect(200)
  })

  it('ends every session and gives this browser a new one', async () => {
    const { user, here, elsewhere } = await signedIn()
    const answer = await post('/change_password', here, { password, newPassword }).expect(200)
    expect(answer.body.user.id).toBe(user.id)
    expect(await sessionStatus(elsewhere)).toBe(401)
    expect(await sessionStatus(here)).toBe(401)
    expect(await sessionStatus(cookieOf(answer))).toBe(200)
  })

  it('R14 tells the user by mail', async () => {
    const { user, here } = await signedIn()
    await post('/change_password', here, { password, newPassword }).expect(200)
    const mail = await mailTo(server, { to: user.email, kind: 'password_changed' })
    expect(mail.data).toMatchObject({ username: user.username, address: expect.any(String) })
  })

  it('holds to the rules, naming the field (R1, R4, R5)', async () => {
    const { here } = await signedIn()
    const answer = await post('/change_password', here, { password, newPassword: 'quick fox' })
    expect(answer.status).toBe(400)
    expect(answer.body.errors).toEqual([expect.objectContaining({ field: 'newPassword' })])
  })

  it('of two at once one wins, and nobody keeps the old password', async () => {
    const { user, here } = await signedIn()
    const chosen = [newPassword, 'nine cold rivers bend']
    const answers = await Promise.all(
      chosen.map((each) => post('/change_password', here, { password, newPassword: each })),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    await signIn(user.username).expect(401)
  })

  it('drops a change of address that waits, so that an intruder’s link to it is dead', async () => {
    const { user, here, token } = await movingTo(anAddress())
    await post('/change_password', here, { password, newPassword }).expect(200)
    await post('/confirm_email', '', { token }).expect(400)
    expect((await findUserById(server.users, user.id))?.email).toBe(user.email)
  })

  it('from the form goes on to the account page, which says so', async () => {
    const { here } = await signedIn()
    const answer = await post('/change_password', here, { password, newPassword })
      .set('Accept', 'text/html')
      .type('form')
      .expect(303)
    const page = await request(server.app)
      .get(String(answer.headers.location))
      .set({ Accept: 'text/html', Cookie: cookieOf(answer) })
      .expect(200)
    expect(page.text).toContain('Your password is changed.')
  })
})

describe('POST /change_email', () => {
  it('R20 asks for the password', async () => {
    const { user, here } = await signedIn()
    await post('/change_email', here, { password: 'wrong', newEmail: anAddress() }).expect(401)
    expect((await findUserById(server.users, user.id))?.pendingEmail).toBeNull()
  })

  it('changes nothing yet: a link goes to the new address, and the old one is told (R14)', async () => {
    const newEmail = anAddress()
    const { user } = await movingTo(newEmail)
    const stored = await findUserById(server.users, user.id)
    expect(stored).toMatchObject({ email: user.email, pendingEmail: { email: newEmail } })
    const notice = await mailTo(server, { to: user.email, kind: 'email_changed' })
    expect(notice.data).toMatchObject({ newEmail })
  })

  it('R9 tells nothing about addresses that other accounts have', async () => {
    const other = await server.addUser()
    const { here } = await signedIn()
    const answers = [
      await post('/change_email', here, { password, newEmail: other.email }),
      await post('/change_email', here, { password, newEmail: anAddress() }),
    ]
    const seen = answers.map(({ status, text, headers }) => {
      const { date: _date, 'x-request-id': _id, ...others } = headers
      return JSON.stringify({ status, text, others })
    })
    expect(new Set(seen).size).toBe(1)
    expect(answers[0]?.status).toBe(202)
  })

  it('one mail in 5 minutes for a new address', async () => {
    const newEmail = anAddress()
    const { here } = await movingTo(newEmail)
    await post('/change_email', here, { password, newEmail }).expect(202)
    expect(await mailsTo(server, newEmail)).toHaveLength(1)
  })

  it('asked for while the password changes, is not left behind', async () => {
    for (let round = 0; round < 5; round += 1) {
      // oxlint-disable-next-line no-await-in-loop
      const { user, here } = await signedIn()
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

  it('of two at once, no link that confirms one address goes to the other', async () => {
    const { user } = await signedIn()
    const [mine, theirs] = [anAddress(), anAddress()]
    // What two requests leave behind when both write before the relay looks.
    const entries = [mine, theirs].map((to) => mailEntry({ kind: 'email_change', to }))
    const pendingEmail = { email: theirs, emailKey: theirs }
    await server.users.updateOne(
      { _id: new Types.ObjectId(user.id) },
      { $set: { pendingEmail }, $push: { outbox: { $each: entries } } },
    )
    await mailTo(server, { to: theirs, kind: 'email_change' })
    expect(await mailsTo(server, mine)).toEqual([])
    const [left] = (await findUserById(server.users, user.id))?.outbox ?? []
    expect(left).toMatchObject({ to: mine, failedAt: expect.any(Date) })
  })

  it('refuses the address that the account has, and what is none (R43)', async () => {
    const { user, here } = await signedIn()
    for (const newEmail of [user.email.toUpperCase(), 'ada', 'a@b.example\r\nBcc: e@e.example']) {
      // oxlint-disable-next-line no-await-in-loop
      const answer = await post('/change_email', here, { password, newEmail }).expect(400)
      expect(answer.body.errors).toEqual([expect.objectContaining({ field: 'newEmail' })])
    }
  })
})

describe('POST /confirm_email', () => {
  it('takes the new address over: one signs in with it, and with the old one no more', async () => {
    const newEmail = anAddress()
    const { user, token } = await movingTo(newEmail)
    await post('/confirm_email', '', { token }).expect(200)
    await signIn(newEmail).expect(200)
    await signIn(user.email).expect(401)
  })

  it('ends the sessions, which hold the old address, and renews the one of this browser', async () => {
    const newEmail = anAddress()
    const { here, elsewhere, token } = await movingTo(newEmail)
    const answer = await post('/confirm_email', here, { token }).expect(200)
    expect(await sessionStatus(here)).toBe(401)
    expect(await sessionStatus(elsewhere)).toBe(401)
    const session = await request(server.app).get('/session').set('Cookie', cookieOf(answer))
    expect(session.body.user.email).toBe(newEmail)
  })

  it('signs nobody in who was not', async () => {
    const { token } = await movingTo(anAddress())
    const answer = await post('/confirm_email', '', { token }).expect(200)
    expect(answer.headers['set-cookie']).toBeUndefined()
  })

  it('C21 R34 R37 its page uses nothing up and keeps the token to itself', async () => {
    const { link, token } = await movingTo(anAddress())
    const visit = () =>
      request(server.app).get(`${link.pathname}${link.search}`).set('Accept', 'text/html')
    await visit().expect(200)
    const page = await visit().expect(200)
    expect(page.headers['referrer-policy']).toBe('no-referrer')
    expect(page.text).toContain('action="/confirm_email"')
    await post('/confirm_email', '', { token }).expect(200)
    await visit().expect(400)
  })

  it('R15 a link is done once used, once another address was asked for, and for another purpose', async () => {
    const { token } = await movingTo(anAddress())
    await post('/confirm_email', '', { token }).expect(200)
    await post('/confirm_email', '', { token }).expect(400)
    const { here, token: older } = await movingTo(anAddress())
    await post('/change_email', here, { password, newEmail: anAddress() }).expect(202)
    await post('/confirm_email', '', { token: older }).expect(400)
    await post('/confirm_account', '', { token: older }).expect(400)
  })

  it('an address that another account got meanwhile stays theirs: 409', async () => {
    const newEmail = anAddress()
    const { user, token } = await movingTo(newEmail)
    await server.addUser({ username: `u-${newEmail.slice(0, 8)}`, email: newEmail })
    const answer = await post('/confirm_email', '', { token }).expect(409)
    expect(answer.body.code).toBe('email_taken')
    await signIn(user.email).expect(200)
  })
})

describe('guessing the password on the account pages', () => {
  it.each([
    ['post', '/change_password', { newPassword }],
    ['post', '/change_email', { newEmail: 'x@new.example' }],
    ['post', '/account/delete', {}],
    ['delete', '/account', {}],
  ] as const)('R10 R12 %s %s counts with the guesses at sign-in', async (method, path, body) => {
    const limited = await startTestApp({ LIMIT_SIGN_IN_PER_ACCOUNT: '4' })
    try {
      const { username } = await limited.addUser()
      const login = (chosen: string) =>
        request(limited.app).post('/login').send({ username, password: chosen })
      const cookie = cookieOf(await login(password).expect(200))
      const guess = () => {
        const attempt = request(limited.app)
        const asked = method === 'post' ? attempt.post(path) : attempt.delete(path)
        return asked.set('Cookie', cookie).send({ password: 'no', ...body })
      }
      const answers = await Promise.all(Array.from({ length: 8 }, guess))
      expect(answers.filter(({ status }) => status === 401)).toHaveLength(4)
      expect(answers.filter(({ status }) => status === 429)).toHaveLength(4)
      await login(password).expect(429)
    } finally {
      await limited.close()
    }
  })

  it.each(['/change_password', '/change_email', '/account/delete'])(
    '%s is for who is signed in',
    async (path) => {
      await request(server.app).get(path).set('Accept', 'text/html').expect(303)
      await request(server.app).post(path).send({ password }).expect(401)
    },
  )
})

describe('the forms', () => {
  it.each([
    ['/change_password', 'newPassword'],
    ['/change_email', 'newEmail'],
    ['/account/delete', 'password'],
  ])('%s works without a script and shows what was wrong', async (path, field) => {
    const { here } = await signedIn()
    const page = await request(server.app)
      .get(path)
      .set({ Accept: 'text/html', Cookie: here })
      .expect(200)
    expect(page.text).toContain(`method="post" action="${path}"`)
    const answer = await post(path, here, { password: '' }).set('Accept', 'text/html').type('form')
    expect(answer.status).toBe(400)
    expect(answer.text).toContain(`id="${field}-error"`)
  })

  it('are linked from the account page', async () => {
    const { here } = await signedIn()
    const page = await request(server.app)
      .get('/account')
      .set({ Accept: 'text/html', Cookie: here })
    for (const path of ['/change_password', '/change_email', '/account/delete'])
      expect(page.text).toContain(`href="${path}"`)
  })
})

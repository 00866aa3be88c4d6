import { afterAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { cookiesOf } from '../../../testing/auth-server.fixture.ts'
import { newInvite } from '../../../testing/invites.fixture.ts'
import {
  allMailsTo,
  linkIn,
  mailTo,
  notMeTokenIn,
  tokenIn,
} from '../../../testing/mailed-links.fixture.ts'
import {
  otherPassword,
  password,
  somebody,
  startOpenServer,
} from '../../../testing/open-sign-up.fixture.ts'
import { until } from '../../../testing/outbox.fixture.ts'

const server = await startOpenServer()
afterAll(() => server.close())

describe('POST /confirm_account after a sign-up without an invite', () => {
  it('R96 needs the password of the sign-up, and makes no user without it', async () => {
    const me = somebody()
    const token = await server.signedUp(me)
    const missing = await server.confirm(token).expect(400)
    expect(missing.body.errors).toEqual([expect.objectContaining({ field: 'password' })])
    const wrong = await server.confirm(token, otherPassword).expect(401)
    expect(wrong.body.code).toBe('invalid_credentials')
    expect(wrong.headers['www-authenticate']).toBeDefined()
    expect(await server.usersWith(me.email)).toEqual([])
  })

  it('R17 signs nobody in, and may be repeated, even concurrently', async () => {
    const me = somebody()
    const token = await server.signedUp(me)
    const answers = await Promise.all([1, 2, 3].map(() => server.confirm(token, password)))
    answers.push(await server.confirm(token, password), await server.confirm(token))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(answers.flatMap(cookiesOf).filter((cookie) => cookie.includes('session'))).toEqual([])
    expect(await server.usersWith(me.email)).toHaveLength(1)
  })

  it('C18 counts wrong passwords in the budgets of all passwords', async () => {
    const token = await server.signedUp(somebody())
    const guesses = Array.from({ length: 30 }, () => server.confirm(token, otherPassword))
    const statuses = (await Promise.all(guesses)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 401)).toHaveLength(10)
    expect(new Set(statuses)).toEqual(new Set([401, 429]))
    await server.confirm(token, password).expect(429)
  })

  it('R98 lets the owner of a mailbox sign up although somebody else did so first', async () => {
    const [squatter, owner] = [{ ...somebody(), password: otherPassword }, somebody()]
    squatter.email = owner.email
    const theirs = await server.signedUp(squatter)
    await server.signUp(owner).expect(202)
    const mails = await allMailsTo(server, owner.email, 'confirm')
    const own = mails.find(({ data }) => data.username === owner.username)
    if (!own) throw new Error('no e-mail for the owner')
    await server.confirm(tokenIn(own), password).expect(200)
    await server.confirm(theirs, otherPassword).expect(400)
    const found = await server.usersWith(owner.email)
    expect(found.map(({ username }) => username)).toEqual([owner.username])
  })

  it('replaces an account with that address that nobody has confirmed', async () => {
    const me = somebody()
    const invited = { ...somebody(), email: me.email, password: otherPassword }
    await server.signUp({ ...invited, invite: (await newInvite(server)).token }).expect(202)
    const invitedToken = tokenIn(await mailTo(server, { to: me.email, kind: 'confirm' }))
    await server.signUp(me).expect(202)
    const mails = await allMailsTo(server, me.email, 'confirm')
    const own = mails.find(({ data }) => data.username === me.username)
    if (!own) throw new Error('no second e-mail')
    await server.confirm(tokenIn(own), password).expect(200)
    await server.confirm(invitedToken).expect(400)
    await server.signIn(me.email).expect(200)
  })

  it('refuses a name that somebody else has taken in the meantime', async () => {
    const me = somebody()
    const token = await server.signedUp(me)
    await server.addUser({ username: me.username, email: 'other@mail.test' })
    const answer = await server.confirm(token, password).expect(409)
    expect(answer.body.code).toBe('username_taken')
  })

  it('asks for the password on a page that keeps the token private (R37)', async () => {
    const me = somebody()
    await server.signUp(me).expect(202)
    const link = linkIn(await mailTo(server, { to: me.email, kind: 'confirm' }))
    const page = await request(server.app)
      .get(link.pathname + link.search)
      .set('Accept', 'text/html')
    expect(page.headers['referrer-policy']).toBe('strict-origin')
    expect(page.text).toContain('name="password" type="password"')
    expect(page.text).toContain(`value="${me.username}"`)
    const post = (given: string) =>
      request(server.app)
        .post('/confirm_account')
        .set({ Accept: 'text/html', Origin: 'null' })
        .type('form')
        .send({ token: link.searchParams.get('confirmation'), password: given })
    const again = await post(otherPassword).expect(401)
    expect(again.text).toContain('not the password from the sign-up')
    expect(again.text).not.toContain(otherPassword)
    const done = await post(password).expect(303)
    expect(done.headers.location).toContain('notice=confirmed')
  })
})

describe('POST /resend_confirmation', () => {
  it('sends the e-mail of an open sign-up again, with a link that ends with it', async () => {
    const me = somebody()
    await server.signedUp(me)
    await server.reservations.updateOne(
      { emailKey: me.email },
      { $set: { createdAt: new Date(Date.now() - 86_400_000) } },
    )
    await request(server.app).post('/resend_confirmation').send({ email: me.email }).expect(202)
    await until(async () => (await allMailsTo(server, me.email, 'confirm')).length === 2)
    const mail = await mailTo(server, { to: me.email, kind: 'confirm' })
    if (!('link' in mail.data)) throw new Error('no link')
    const days = (Date.parse(mail.data.link.expiresAt) - Date.now()) / 86_400_000
    expect(days).toBeCloseTo(2, 1)
    await server.confirm(tokenIn(mail), password).expect(200)
  })
})

describe('POST /not_me', () => {
  it('R98 withdraws an open sign-up, and keeps its name reserved', async () => {
    const me = somebody()
    const token = await server.signedUp(me)
    const mail = await mailTo(server, { to: me.email, kind: 'confirm' })
    const notMe = () =>
      request(server.app)
        .post('/not_me')
        .send({ token: notMeTokenIn(mail) })
    const answer = await notMe().expect(200)
    expect(answer.body).toEqual({ outcome: 'account_removed' })
    await server.confirm(token, password).expect(400)
    await notMe().expect(400)
    await server.signUp({ ...somebody(), username: me.username }).expect(409)
    await server.signUp(me).expect(202)
    expect(await allMailsTo(server, me.email, 'confirm')).toHaveLength(2)
    await server.confirm(token, password).expect(200)
  })
})

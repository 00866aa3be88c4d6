import { afterAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { startTestApp } from '../../../testing/auth-server.fixture.ts'
import { bytesOf } from '../../../testing/bytes-of.fixture.ts'
import { newInvite } from '../../../testing/invites.fixture.ts'
import { allMailsTo, linkIn, mailTo, tokenIn } from '../../../testing/mailed-links.fixture.ts'
import {
  openEnv,
  otherPassword,
  password,
  somebody,
  startOpenServer,
} from '../../../testing/open-sign-up.fixture.ts'
import { removeEnded } from '../reservations/sweep-reservations.ts'

const server = await startOpenServer()
afterAll(() => server.close())

describe('POST /signup without an invite', () => {
  it('R96 makes no user before the mailbox confirms, and then a confirmed one', async () => {
    const me = somebody()
    const token = await server.signedUp(me)
    expect(await server.usersWith(me.email)).toEqual([])
    await server.signIn(me.email).expect(401)
    const answer = await server.confirm(token, password).expect(200)
    expect(answer.body).toEqual({ confirmed: true })
    expect(await server.usersWith(me.email)).toMatchObject([
      { username: me.username, email: me.email, roles: [], verifiedAt: expect.any(Date) },
    ])
    expect(await server.reservations.countDocuments({ emailKey: me.email })).toBe(0)
    await server.signIn(me.username).expect(200)
  })

  it('R9 answers a new, a taken and an unconfirmed address with the same bytes', async () => {
    const [owner, unconfirmed] = [
      await server.addUser(),
      await server.addUser({ verifiedAt: null }),
    ]
    for (const type of ['application/json', 'text/html']) {
      const emails = [somebody().email, owner.email, unconfirmed.email, owner.email.toUpperCase()]
      // oxlint-disable-next-line no-await-in-loop
      const answers = await Promise.all(
        emails.map((email) => server.signUp({ ...somebody(), email }).set('Accept', type)),
      )
      expect(new Set(answers.map(bytesOf)).size).toBe(1)
      expect(answers[0]?.status).toBe(202)
    }
  })

  it('R9 R98 reserves the name for a taken address as for a new one', async () => {
    const owner = await server.addUser()
    for (const email of [owner.email, somebody().email]) {
      const { username } = somebody()
      // oxlint-disable-next-line no-await-in-loop
      await server.signUp({ ...somebody(), username, email }).expect(202)
      for (const body of [
        { ...somebody(), username },
        // oxlint-disable-next-line no-await-in-loop
        { ...somebody(), username, invite: (await newInvite(server)).token },
      ]) {
        // oxlint-disable-next-line no-await-in-loop
        const answer = await server.signUp(body).expect(409)
        expect(answer.body.code).toBe('username_taken')
      }
    }
  })

  it('tells the owner of a taken address by e-mail, at the stored address (C22)', async () => {
    const owner = await server.addUser()
    await server.signUp({ ...somebody(), email: owner.email.toUpperCase() }).expect(202)
    const mail = await mailTo(server, { to: owner.email, kind: 'has_account' })
    expect(mail.data).toMatchObject({ username: owner.username })
    expect(linkIn(mail).pathname).toBe('/reset')
    const reset = { token: tokenIn(mail), password: otherPassword }
    await request(server.app).post('/reset_password').send(reset).expect(200)
    expect(await server.usersWith(owner.email)).toHaveLength(1)
  })

  it('refuses the name of a user', async () => {
    const { username } = await server.addUser()
    const answer = await server
      .signUp({ ...somebody(), username: username.toUpperCase() })
      .expect(409)
    expect(answer.body.code).toBe('username_taken')
  })

  it('reports the problems of every field, but no missing invite', async () => {
    const answer = await server
      .signUp({ email: 'x', username: 'a@b', password: 'short' })
      .expect(400)
    const fields = answer.body.errors.map(({ field }: { field: string }) => field)
    expect(new Set(fields)).toEqual(new Set(['email', 'username', 'password']))
  })

  it('R41 refuses an invite that is not text', async () => {
    for (const invite of [{ $ne: null }, ['a'], 1, null]) {
      // oxlint-disable-next-line no-await-in-loop
      const answer = await server.signUp({ ...somebody(), invite }).expect(400)
      expect(answer.body.errors).toEqual([expect.objectContaining({ field: 'invite' })])
    }
  })

  it('lets the last password count if the same person signs up twice, with one e-mail', async () => {
    const me = somebody()
    const token = await server.signedUp(me)
    await server
      .signUp({ ...me, email: me.email.toUpperCase(), password: otherPassword })
      .expect(202)
    expect(await allMailsTo(server, me.email, 'confirm')).toHaveLength(1)
    await server.confirm(token, password).expect(401)
    await server.confirm(token, otherPassword).expect(200)
  })

  it('sends another e-mail to somebody who signs up again after five minutes', async () => {
    const me = somebody()
    await server.signedUp(me)
    const before = { mailedAt: new Date(Date.now() - 5 * 60_000) }
    await server.reservations.updateOne({ emailKey: me.email }, { $set: before })
    await server.signUp(me).expect(202)
    expect(await allMailsTo(server, me.email, 'confirm')).toHaveLength(2)
  })

  it('R98 gives a name free at the end of its reservation, before the sweep comes', async () => {
    const [first, second] = [somebody(), somebody()]
    const token = await server.signedUp(first)
    await server.reservations.updateOne({ emailKey: first.email }, { $set: { endsAt: new Date() } })
    await server.confirm(token, password).expect(400)
    await server.signUp({ ...second, username: first.username }).expect(202)
    await removeEnded(server.reservations, new Date(Date.now() + 2 * 86_400_000))
    expect(await server.reservations.countDocuments({ emailKey: second.email })).toBe(1)
    await removeEnded(server.reservations, new Date(Date.now() + 3 * 86_400_000))
    expect(await server.reservations.countDocuments({ emailKey: second.email })).toBe(0)
  })

  it('limits the e-mails to one address, with an account or not', async () => {
    const owner = await server.addUser()
    for (const email of [owner.email, somebody().email]) {
      const bodies = Array.from({ length: 12 }, () => ({ ...somebody(), email }))
      // oxlint-disable-next-line no-await-in-loop
      const answers = await Promise.all(bodies.map(server.signUp))
      expect(answers.filter(({ status }) => status === 202)).toHaveLength(10)
      expect(answers.filter(({ status }) => status === 429)).toHaveLength(2)
    }
  })

  it('R60 R61 is logged without names, and the account is recorded when it is made', async () => {
    const me = somebody()
    await server.confirm(await server.signedUp(me), password).expect(200)
    const records = await server.audited({ subjectName: me.username })
    expect(records.map(({ event }) => event)).toEqual(['account_created', 'account_confirmed'])
    expect(await server.audited({ event: 'sign_up_reserved' })).toEqual([])
  })
})

describe('SIGN_UP', () => {
  it('R96 is invite by default: 403 without one', async () => {
    const closed = await startTestApp({ ...openEnv, SIGN_UP: '' })
    try {
      const post = (body: object) => request(closed.app).post('/signup').send(body)
      const answers = [
        await post(somebody()),
        await post({ ...somebody(), invite: '' }),
        await request(closed.app).get('/signup'),
      ]
      for (const { status, body } of answers) {
        expect([status, body.code]).toEqual([403, 'invite_needed'])
      }
      expect(await closed.reservations.countDocuments()).toBe(0)
      const page = await request(closed.app).get('/login').set('Accept', 'text/html')
      expect(page.text).not.toContain('href="/signup"')
    } finally {
      await closed.close()
    }
  })

  it('may list domains: other addresses need an invite', async () => {
    const listed = await startTestApp({ ...openEnv, SIGN_UP: 'Example.com, bücher.example' })
    try {
      const post = (body: object) => request(listed.app).post('/signup').send(body)
      for (const email of ['ada@EXAMPLE.com', 'ada@bücher.example', 'ada@xn--bcher-kva.example'])
        // oxlint-disable-next-line no-await-in-loop
        await post({ ...somebody(), email }).expect(202)
      for (const email of ['a@example.org', 'a@sub.example.com', 'a@example.com.evil.test']) {
        // oxlint-disable-next-line no-await-in-loop
        const { body } = await post({ ...somebody(), email }).expect(403)
        expect(body.code).toBe('invite_needed')
        expect(body.detail).toContain(
          'only with an e-mail address at example.com or bücher.example',
        )
      }
      const form = await post({ ...somebody(), email: 'a@example.org' })
        .set('Accept', 'text/html')
        .type('form')
      expect(form.status).toBe(403)
      expect(form.text).toContain('id="email-error"')
      const { token: invite } = await newInvite(listed)
      await post({ ...somebody(), email: 'b@example.org', invite }).expect(202)
    } finally {
      await listed.close()
    }
  })
})

describe('GET /signup', () => {
  it('is a form that needs no script, linked from the sign-in page', async () => {
    const get = (path: string) => request(server.app).get(path).set('Accept', 'text/html')
    expect((await get('/login').expect(200)).text).toContain('href="/signup"')
    const page = await get('/signup').expect(200)
    expect(page.text).toContain('method="post" action="/signup"')
    expect(page.text).not.toContain('name="invite"')
    expect(page.text).not.toContain('name="altcha"')
  })

  it('tells a program what a sign-up needs', async () => {
    const { body } = await request(server.app).get('/signup').expect(200)
    expect(body).toEqual({ domains: null, challenge: null })
  })

  it('shows the problems at their fields again', async () => {
    const answer = await server
      .signUp({ username: 'a@b', email: 'x', password: 'short' })
      .set('Accept', 'text/html')
      .type('form')
    expect(answer.status).toBe(400)
    for (const field of ['username', 'email', 'password'])
      expect(answer.text).toContain(`id="${field}-error"`)
    expect(answer.text).not.toContain('name="invite"')
  })
})

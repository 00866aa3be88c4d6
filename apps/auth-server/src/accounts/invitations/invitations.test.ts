import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { cookieOf, password, startTestApp } from '../../../testing/auth-server.fixture.ts'
import { allMailsTo, mailTo } from '../../../testing/mailed-links.fixture.ts'
import { composeMail } from '../links/compose-mail.ts'
import { until } from '../../../testing/outbox.fixture.ts'
import { ageSignIn } from '../../../testing/age-sign-in.fixture.ts'
import { inviteTokenIn } from '../../../testing/invites.fixture.ts'

let server: Awaited<ReturnType<typeof startTestApp>>
let admin: string

beforeAll(async () => {
  server = await startTestApp({ PUBLIC_URL: 'http://login.test/auth', BASE_PATH: '/auth/' })
  admin = await cookieFor(['admin'])
})
afterAll(() => server.close())

async function cookieFor(roles: string[]): Promise<string> {
  const { username } = await server.addUser({ roles })
  return cookieOf(await request(server.app).post('/auth/login').send({ username, password }))
}

function invite(body: object = {}, cookie = admin) {
  return request(server.app).post('/auth/invites').set('Cookie', cookie).send(body)
}

function look(token: string) {
  return request(server.app).get(`/auth/invites/${token}`)
}

function remove(id: string, cookie = admin) {
  return request(server.app).delete(`/auth/invites/${id}`).set('Cookie', cookie)
}

async function listed(id: string) {
  const { body } = await request(server.app).get('/auth/invites').set('Cookie', admin).expect(200)
  return body.invites.find((entry: { id: string }) => entry.id === id)
}

function tokenOf({ body }: { body: { url: string } }): string {
  return inviteTokenIn(body.url)
}

function signUp(given: object) {
  return request(server.app)
    .post('/auth/signup')
    .send({ password, ...given })
}

describe('/invites for an admin who signed in long ago', () => {
  it('asks for the password again, as the admin pages do', async () => {
    const { username } = await server.addUser({ roles: ['admin'] })
    const login = request(server.app).post('/auth/login').send({ username, password })
    const cookie = cookieOf(await login)
    const made = await invite({}, cookie).expect(201)
    await ageSignIn(server, cookie, 16)
    const answers = [
      await invite({}, cookie),
      await request(server.app).get('/auth/invites').set('Cookie', cookie),
      await remove(made.body.id, cookie),
    ]
    for (const { status, body } of answers)
      expect([status, body.code]).toEqual([401, 'reauthentication_required'])
    await look(tokenOf(made)).expect(200)
  })
})

describe('POST /invites', () => {
  it('answers with the link under PUBLIC_URL and its expiry', async () => {
    const answer = await invite({ expiresInDays: 3 }).set('Host', 'evil.test').expect(201)
    expect(answer.body).toEqual({
      id: expect.any(String),
      url: expect.stringMatching(/^http:\/\/login\.test\/auth\/invite\?token=[\w-]{43}$/),
      expiresAt: expect.any(String),
    })
    const days = (Date.parse(answer.body.expiresAt) - Date.now()) / 86_400_000
    expect(days).toBeGreaterThan(2.99)
    expect(days).toBeLessThanOrEqual(3)
  })

  it('makes an invite that expires after a week by default', async () => {
    const { body } = await invite().expect(201)
    expect(Math.round((Date.parse(body.expiresAt) - Date.now()) / 86_400_000)).toBe(7)
  })

  it('R15 R16 makes a different token of 256 bits each time, and stores only its hash', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => invite()))
    const tokens = answers.map(tokenOf)
    expect(new Set(tokens).size).toBe(10)
    expect(tokens.map((token) => Buffer.from(token, 'base64url').length)).toEqual(
      tokens.map(() => 32),
    )
    const stored = JSON.stringify(await server.invites.find().lean())
    for (const token of tokens) {
      expect(stored).not.toContain(token)
      expect(stored).toContain(createHash('sha256').update(token).digest('base64url'))
    }
  })

  it('sends an e-mail to the invited address, and none without one', async () => {
    const { body } = await invite({ email: 'Ada@mail.test' }).expect(201)
    await invite().expect(201)
    const [mail, ...others] = await allMailsTo(server, 'Ada@mail.test', 'invite')
    expect(others).toEqual([])
    expect(mail?.data).toEqual({
      siteName: 'Latchkey',
      link: { url: body.url, expiresAt: body.expiresAt },
    })
    expect(server.mails.filter(({ kind }) => kind === 'invite')).toHaveLength(1)
    await until(async () => (await server.invites.findById(body.id).lean())?.outbox.length === 0)
  })

  it.each([
    [{ email: 'ada@mail.test\r\nBcc: eve@mail.test' }, 'email'],
    [{ email: { $ne: null } }, 'email'],
    [{ email: '"a@b"@mail.test' }, 'email'],
    [{ email: 'ａda@mail.test' }, 'email'],
    [{ expiresInDays: 0 }, 'expiresInDays'],
    [{ expiresInDays: 1.5 }, 'expiresInDays'],
    [{ expiresInDays: '7' }, 'expiresInDays'],
    [{ expiresInDays: 366 }, 'expiresInDays'],
  ])('R41 R43 refuses %j', async (body, field) => {
    const answer = await invite(body).expect(400)
    expect(answer.body.errors).toEqual([expect.objectContaining({ field })])
  })

  it('is for admins only, as are the list and the revocation', async () => {
    const user = await cookieFor([])
    await invite({}, user).expect(403)
    await invite({}, '').expect(401)
    await remove('x', user).expect(403)
    await request(server.app).get('/auth/invites').set('Cookie', user).expect(403)
    await request(server.app).get('/auth/invites').expect(401)
  })
})

describe('GET /invites/:token', () => {
  it('says whether an invite is valid and for which address, without using it', async () => {
    const token = tokenOf(await invite({ email: 'grace@mail.test' }))
    for (let time = 0; time < 3; time += 1) {
      // oxlint-disable-next-line no-await-in-loop
      const { body } = await look(token).expect(200)
      expect(body).toEqual({ valid: true, email: 'grace@mail.test' })
    }
    await request(server.app).head(`/auth/invites/${token}`).expect(200)
    await signUp({ invite: token, email: 'grace@mail.test', username: 'grace' }).expect(202)
    await look(token).expect(404)
  })

  it('says nothing more about an open one', async () => {
    const { body } = await look(tokenOf(await invite())).expect(200)
    expect(body).toEqual({ valid: true })
  })

  it('answers the same 404 for an unknown, an expired and a revoked invite', async () => {
    const [expired, revoked] = await Promise.all([invite(), invite()])
    await server.invites.updateOne({ _id: expired.body.id }, { $set: { expiresAt: new Date() } })
    await remove(revoked.body.id).expect(204)
    const tokens = ['never', tokenOf(expired), tokenOf(revoked), expired.body.id]
    const answers = await Promise.all(tokens.map(look))
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404])
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
  })
})

describe('DELETE /invites/:id', () => {
  it('revokes an invite and drops its e-mail; doing it twice is fine', async () => {
    const { body } = await invite()
    await server.invites.updateOne({ _id: body.id }, { $set: { email: 'x@mail.test' } })
    await remove(body.id).expect(204)
    await remove(body.id).expect(204)
    expect(await server.invites.findById(body.id).lean()).toMatchObject({ outbox: [] })
    await remove('no-such-invite').expect(404)
  })
})

describe('GET /invites', () => {
  it('lists the state of each invite, never its token', async () => {
    const [open, used, expired, revoked] = await Promise.all([
      invite(),
      invite(),
      invite(),
      invite(),
    ])
    const person = { email: 'lin@mail.test', username: 'lin' }
    await signUp({ ...person, invite: tokenOf(used) }).expect(202)
    await server.invites.updateOne({ _id: expired.body.id }, { $set: { expiresAt: new Date() } })
    await remove(revoked.body.id)
    expect(await listed(open.body.id)).toMatchObject({ state: 'open', usedBy: null })
    const user = await server.users.findOne({ usernameKey: 'lin' })
    expect(await listed(used.body.id)).toMatchObject({
      state: 'used',
      usedBy: { id: user?.id, username: 'lin' },
    })
    expect((await remove(used.body.id).expect(409)).body.code).toBe('invite_used')
    expect(await listed(used.body.id)).toMatchObject({ state: 'used' })
    expect(await listed(expired.body.id)).toMatchObject({ state: 'expired' })
    expect(await listed(revoked.body.id)).toMatchObject({ state: 'revoked' })
    const { text } = await request(server.app).get('/auth/invites').set('Cookie', admin)
    expect(text).not.toContain(tokenOf(open))
    expect(text).not.toMatch(/hash/i)
  })
})

describe('rotation of MAIL_SECRETS', () => {
  it('keeps invite links valid, also in e-mails that still wait', async () => {
    const made = await invite({ email: 'joan@mail.test' })
    const token = tokenOf(made)
    const mailSecrets = ['a newer secret of this test', ...server.config.mailSecrets]
    const rotated = await startTestApp({ MAIL_SECRETS: mailSecrets.join() }, { beside: server })
    await request(rotated.app).get(`/invites/${token}`).expect(200)
    const [record] = await server.invites.find({ _id: made.body.id }).lean()
    const entry = await mailTo(server, { to: 'joan@mail.test', kind: 'invite' })
    if (!record) throw new Error('no invite')
    const { _id: id, ...rest } = record
    const waiting = {
      ...entry,
      at: new Date(),
      dueAt: null,
      attempts: 1,
      failedAt: null,
      reason: null,
    }
    const config = { ...server.config, mailSecrets }
    const mail = () => composeMail(config, { ...waiting, data: {} }, { invite: { id, ...rest } })
    expect(mail().data).toMatchObject({ link: { url: made.body.url } })
    config.mailSecrets = ['only a newer one']
    expect(mail).toThrow('secret')
    await rotated.close()
  })
})

describe('GET /invite?token=', () => {
  const page = (token: string) =>
    request(server.app).get('/auth/invite').query({ token }).set('Accept', 'text/html')

  it('shows the form with the invited address', async () => {
    const token = tokenOf(await invite({ email: 'mary@mail.test' }))
    const answer = await page(token).expect(200)
    expect(answer.text).toContain('action="/auth/signup"')
    expect(answer.text).toContain(`value="${token}"`)
    expect(answer.text).toContain('value="mary@mail.test"')
  })

  it('R37 keeps the token from other servers', async () => {
    const answer = await page(tokenOf(await invite()))
    expect(answer.headers['referrer-policy']).toBe('strict-origin')
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  it('says that an invite was used or has expired', async () => {
    const answer = await page('never').expect(410)
    expect(answer.text).toContain('invite_used_or_expired')
  })
})

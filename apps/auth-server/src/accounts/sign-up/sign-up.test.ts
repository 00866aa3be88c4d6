import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { startTestApp } from '../../../testing/auth-server.fixture.ts'
import { bytesOf } from '../../../testing/bytes-of.fixture.ts'
import { newInvite } from '../../../testing/invites.fixture.ts'
import { allMailsTo, noMailOnItsWay } from '../../../testing/mailed-links.fixture.ts'

const password = 'seven quiet rivers meet'
let server: Awaited<ReturnType<typeof startTestApp>>
let count = 0
let me: { username: string; email: string; password: string }

beforeAll(async () => {
  server = await startTestApp({ LIMIT_SIGN_UP_PER_ADDRESS: '1000' })
})
afterAll(() => server.close())
beforeEach(() => {
  me = somebody()
})

function somebody() {
  count += 1
  return { username: `user-${count}`, email: `user-${count}@mail.test`, password }
}

function signUp(body: object) {
  return request(server.app).post('/signup').send(body)
}

function storedUsers(email: string) {
  return server.users.find({ emailKey: email }).lean()
}

describe('POST /signup', () => {
  it('creates the user, uses the invite and sends the confirmation, and ignores other fields', async () => {
    const { id, token } = await newInvite(server)
    const answer = await signUp({ ...me, invite: token, roles: ['admin'], verifiedAt: 1 }).expect(
      202,
    )
    expect(answer.body).toEqual({ message: expect.stringContaining('mail') })
    const [user] = await storedUsers(me.email)
    expect(user).toMatchObject({ username: me.username, roles: [], verifiedAt: null, invite: id })
    const [mail, ...others] = await allMailsTo(server, me.email, 'confirm')
    expect(others).toEqual([])
    expect(mail?.data).toMatchObject({ username: me.username, siteName: 'Latchkey' })
  })

  it('answers a repeated sign-up with the same 202 and does nothing twice, whatever the password', async () => {
    const { token } = await newInvite(server)
    const first = await signUp({ ...me, invite: token }).expect(202)
    const again = { ...me, email: me.email.toUpperCase(), password: 'another set of words' }
    const second = await signUp({ ...again, invite: token }).expect(202)
    expect(second.text).toBe(first.text)
    expect(await storedUsers(me.email)).toHaveLength(1)
    expect(await allMailsTo(server, me.email, 'confirm')).toHaveLength(1)
  })

  it('does the work once for concurrent clicks, and gives all the same answer', async () => {
    const { token } = await newInvite(server)
    const clicks = Array.from({ length: 5 }, () => signUp({ ...me, invite: token }))
    const answers = await Promise.all(clicks)
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202])
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(await storedUsers(me.email)).toHaveLength(1)
    expect(await allMailsTo(server, me.email, 'confirm')).toHaveLength(1)
    expect(await server.redis.keys(`${server.keyPrefix}signing-up:*`)).toEqual([])
  })

  it('R45 N8 makes exactly one user and one e-mail of 200 sign-ups on one invite', async () => {
    const { id, token } = await newInvite(server)
    const people = Array.from({ length: 200 }, somebody)
    const answers = await Promise.all(people.map((body) => signUp({ ...body, invite: token })))
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 202)).toHaveLength(1)
    // On a busy machine some get a 503; nothing was done for them either.
    expect(new Set(statuses)).toEqual(new Set([202, 410, ...statuses.filter((s) => s === 503)]))
    expect(answers.find(({ status }) => status === 410)?.body.code).toBe('invite_used_or_expired')
    expect(await server.users.find({ 'claimed.invite': id }).lean()).toHaveLength(1)
    const winner = people[statuses.indexOf(202)]
    await noMailOnItsWay(server)
    const sent = server.mails.filter(({ to }) => people.some(({ email }) => email === to))
    expect(sent).toMatchObject([{ to: winner?.email, kind: 'confirm' }])
  })

  it('reports a taken name before a taken address, and does not use the invite', async () => {
    const other = await server.addUser()
    const { token } = await newInvite(server)
    const body = {
      ...me,
      email: other.email,
      username: other.username.toUpperCase(),
      invite: token,
    }
    const answer = await signUp(body).expect(409)
    expect(answer.body.code).toBe('username_taken')
    await signUp({ ...me, invite: token }).expect(202)
  })

  it('gives the same answer for an unknown, used, expired or revoked invite', async () => {
    const [used, expired, revoked] = await Promise.all([
      newInvite(server),
      newInvite(server),
      newInvite(server),
    ])
    await signUp({ ...somebody(), invite: used.token }).expect(202)
    await server.invites.updateOne({ _id: expired.id }, { $set: { expiresAt: new Date() } })
    await server.invites.updateOne({ _id: revoked.id }, { $set: { revokedAt: new Date() } })
    const tokens = ['never', used.token, expired.token, revoked.token]
    const answers = await Promise.all(tokens.map((invite) => signUp({ ...somebody(), invite })))
    expect(answers.map(({ status }) => status)).toEqual([410, 410, 410, 410])
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
  })

  it('accepts an invite for an address from that address only, in any case', async () => {
    const { token } = await newInvite(server, me.email)
    const answer = await signUp({ ...me, email: 'other@mail.test', invite: token }).expect(400)
    expect(answer.body.errors).toEqual([expect.objectContaining({ field: 'email' })])
    await signUp({ ...me, email: me.email.toUpperCase(), invite: token }).expect(202)
  })
})

describe('POST /signup with invalid input', () => {
  it('reports the problems of every field at once', async () => {
    const answer = await signUp({ invite: '', email: 'x', username: 'a@b', password: 'short' })
    expect(answer.status).toBe(400)
    const fields = answer.body.errors.map(({ field }: { field: string }) => field)
    expect(new Set(fields)).toEqual(new Set(['invite', 'email', 'username', 'password']))
  })

  it.each([[{ $ne: null }], [['a']], [1], [null], [undefined], [{ $gt: '' }]])(
    'R41 C16 accepts only text, not %j',
    async (value) => {
      const { token } = await newInvite(server)
      for (const field of ['invite', 'email', 'username', 'password']) {
        // oxlint-disable-next-line no-await-in-loop
        const answer = await signUp({ ...me, invite: token, [field]: value })
        // A sign-up without an invite is one of its own kind.
        if (field === 'invite' && value === undefined) {
          expect([answer.status, answer.body.code]).toEqual([403, 'invite_needed'])
          continue
        }
        expect(answer.status).toBe(400)
        expect(answer.body.errors).toContainEqual(expect.objectContaining({ field }))
      }
    },
  )

  it('R41 accepts only an object', async () => {
    await signUp(['a']).expect(400)
  })

  it('R4 refuses a password that many people use', async () => {
    const lenient = await startTestApp({ PASSWORD_MIN_LENGTH: '8' }, { beside: server })
    const { token } = await newInvite(server)
    const body = { ...me, invite: token, password: 'password123' }
    const answer = await request(lenient.app).post('/signup').send(body).expect(400)
    expect(answer.body.errors).toEqual([expect.objectContaining({ field: 'password' })])
    await lenient.close()
  })

  it.each(['111111111111111', 'password1234567', 'passwordpassword', 'qwertyuiopasdfgh'])(
    'R4 refuses a long password that is easy to guess, and says why: %s',
    async (password) => {
      const { token } = await newInvite(server)
      const answer = await signUp({ ...me, invite: token, password }).expect(400)
      const problem = { field: 'password', message: expect.stringMatching(/guess/) }
      expect(answer.body.errors).toEqual([problem])
    },
  )

  it.each([
    ['a second header', 'ada@mail.test\r\nBcc: eve@mail.test'],
    ['a quoted @', '"eve@evil.test"@mail.test'],
    ['a group', 'g:ada@mail.test,eve@mail.test;'],
    ['nested groups', `${'g:'.repeat(30)}ada@mail.test${';'.repeat(30)}`],
    ['two addresses', 'ada@mail.test,eve@mail.test'],
    ['a display name', 'Ada <ada@mail.test>'],
  ])('R43 C24 refuses %s as an address', async (_what, email) => {
    const { token } = await newInvite(server)
    const answer = await signUp({ ...me, email, invite: token }).expect(400)
    expect(answer.body.errors).toEqual([expect.objectContaining({ field: 'email' })])
  })
})

describe('POST /signup with an address that has an account', () => {
  it('R9 answers with the same bytes as for a new address, in JSON and HTML', async () => {
    for (const type of ['application/json', 'text/html']) {
      const { email } = await server.addUser()
      const bodies = await Promise.all(
        [somebody(), { ...somebody(), email }].map(async (body) => ({
          ...body,
          invite: (await newInvite(server)).token,
        })),
      )
      const answers = await Promise.all(
        bodies.map((body) => signUp(body).set('Accept', type).expect(202)),
      )
      expect(new Set(answers.map(bytesOf)).size).toBe(1)
    }
  })

  it('C22 refuses a lookalike of it, as of any other address', async () => {
    const owner = await server.addUser()
    const { token } = await newInvite(server)
    const lookalikes = [owner.email, me.email].map((email) => email.replace('u', 'ｕ'))
    const answers = await Promise.all(
      lookalikes.map((email) => signUp({ ...me, email, invite: token }).expect(400)),
    )
    expect(answers.map(({ body }) => body.errors)).toEqual([
      [expect.objectContaining({ field: 'email' })],
      [expect.objectContaining({ field: 'email' })],
    ])
    await signUp({ ...me, invite: token }).expect(202)
  })

  it('uses the invite and sends one e-mail, to reset the password, to the owner only', async () => {
    const owner = await server.addUser()
    const { id, token } = await newInvite(server)
    const body = { ...me, email: owner.email.toUpperCase(), invite: token }
    await signUp(body).expect(202)
    await signUp(body).expect(202)
    // C22: to the stored address.
    expect(await allMailsTo(server, owner.email, 'reset')).toHaveLength(1)
    expect(server.mails.filter(({ to }) => to.toLowerCase() === owner.email)).toHaveLength(1)
    await signUp({ ...somebody(), invite: token }).expect(410)
    const [stored] = await storedUsers(owner.email)
    expect(stored).toMatchObject({ invite: id, claimed: [{ invite: id, name: me.username }] })
    expect(stored?.username).toBe(owner.username)
  })

  it('refuses another name with the same invite, as for a new address', async () => {
    const owner = await server.addUser()
    for (const email of [owner.email, me.email]) {
      // oxlint-disable-next-line no-await-in-loop
      const { token } = await newInvite(server)
      const body = { ...somebody(), email, invite: token }
      // oxlint-disable-next-line no-await-in-loop
      await signUp(body).expect(202)
      // oxlint-disable-next-line no-await-in-loop
      await signUp({ ...body, username: `${body.username}-x` }).expect(410)
    }
  })

  it('reserves the name, as for a new address', async () => {
    const owner = await server.addUser()
    const { username } = somebody()
    await signUp({
      ...me,
      username,
      email: owner.email,
      invite: (await newInvite(server)).token,
    }).expect(202)
    await signUp({ ...me, username, invite: (await newInvite(server)).token }).expect(409)
  })

  it('keeps every invite of the owner used', async () => {
    const first = await newInvite(server)
    const others = await Promise.all([newInvite(server), newInvite(server)])
    await signUp({ ...me, invite: first.token }).expect(202)
    for (const { token } of others)
      // oxlint-disable-next-line no-await-in-loop
      await signUp({ ...somebody(), email: me.email, invite: token }).expect(202)
    for (const { token } of [first, ...others])
      // oxlint-disable-next-line no-await-in-loop
      await signUp({ ...somebody(), invite: token }).expect(410)
    await signUp({ ...me, invite: first.token }).expect(202)
    expect(await allMailsTo(server, me.email, 'confirm')).toHaveLength(1)
  })

  it('R45 gives an invite to exactly one sign-up when it races with new addresses', async () => {
    const owners = await Promise.all(Array.from({ length: 5 }, () => server.addUser()))
    for (const { email } of owners) {
      // oxlint-disable-next-line no-await-in-loop
      const { id, token } = await newInvite(server)
      const bodies = [somebody(), { ...somebody(), email }, somebody(), { ...somebody(), email }]
      // oxlint-disable-next-line no-await-in-loop
      const answers = await Promise.all(bodies.map((body) => signUp({ ...body, invite: token })))
      expect(answers.filter(({ status }) => status === 202)).toHaveLength(1)
      // oxlint-disable-next-line no-await-in-loop
      expect(await server.users.find({ 'claimed.invite': id }).lean()).toHaveLength(1)
    }
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { cookieOf, password, startTestApp } from '../../testing/auth-server.fixture.ts'
import { bytesOf } from '../../testing/bytes-of.fixture.ts'
import { userSignedIn } from '../../testing/signed-in.fixture.ts'
import { startBehindProxy } from '../../testing/behind-proxy.fixture.ts'

let server: Awaited<ReturnType<typeof startTestApp>>

beforeAll(async () => {
  server = await startTestApp({ RETURN_TO_ORIGINS: 'https://shop.example' })
})
afterAll(() => server.close())

function signIn(body: object, cookie = '') {
  return request(server.app).post('/login').set('Cookie', cookie).send(body)
}

function signInByForm(fields: Record<string, string>) {
  return request(server.app).post('/login').set('Accept', 'text/html').type('form').send(fields)
}

describe('POST /login', () => {
  it('signs in with a user name', async () => {
    const { username, email } = await server.addUser({ roles: ['admin'] })
    const answer = await signIn({ username, password }).expect(200)
    expect(answer.body.user).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      username,
      email,
      roles: ['admin'],
      verifiedAt: expect.any(String),
    })
    const session = await request(server.app).get('/session').set('Cookie', cookieOf(answer))
    expect(session.body.user).toEqual(answer.body.user)
  })

  it('signs in with an e-mail address in any case', async () => {
    const { email } = await server.addUser()
    await signIn({ username: email.toUpperCase(), password }).expect(200)
  })

  it('R42 exposes the hash neither in an answer nor in the session', async () => {
    const { cookie } = await userSignedIn(server)
    for (const path of ['/session', '/account']) {
      const answer = await request(server.app).get(path).set('Cookie', cookie).expect(200)
      expect(answer.text).not.toMatch(/hash|\$2[aby]\$/i)
    }
    const keys = await server.redis.keys(`${server.keyPrefix}sess:*`)
    const values = await Promise.all(keys.map((key) => server.redis.get(key)))
    expect(values.join()).not.toMatch(/hash|\$2[aby]\$/i)
  })

  it('R9 answers a wrong password alike for unknown, known, unconfirmed and suspended users', async () => {
    const known = await server.addUser()
    const unconfirmed = await server.addUser({ verifiedAt: null })
    const suspended = await server.addUser()
    await server.users.updateOne({ _id: suspended.id }, { $set: { suspendedAt: new Date() } })
    const logins = ['nobody', known.username, unconfirmed.username, suspended.username]
    const answers = await Promise.all(
      logins.map((username) => signIn({ username, password: 'wrong' })),
    )
    expect(answers[0]?.body).toMatchObject({ status: 401, code: 'invalid_credentials' })
    expect(new Set(answers.map(bytesOf)).size).toBe(1)
  })

  it('says that the e-mail address is not confirmed only if the password is right', async () => {
    const { username } = await server.addUser({ verifiedAt: null })
    const answer = await signIn({ username, password }).expect(403)
    expect(answer.body.code).toBe('not_confirmed')
    expect(answer.headers['set-cookie']).toBeUndefined()
  })

  it('says that the account is suspended only if the password is right', async () => {
    const user = await server.addUser()
    await server.users.updateOne({ _id: user.id }, { $set: { suspendedAt: new Date() } })
    const answer = await signIn({ username: user.username, password }).expect(403)
    expect(answer.body.code).toBe('account_suspended')
  })

  it.each([
    ['an object', { $ne: null }],
    ['an operator', { $gt: '' }],
    ['an array', ['demo']],
    ['a number', 1],
    ['null', null],
    ['nothing', undefined],
    ['an empty text', ''],
  ])('R41 C16 refuses %s instead of text and names the field', async (_what, value) => {
    const asName = await signIn({ username: value, password }).expect(400)
    expect(asName.body).toMatchObject({ code: 'invalid_input', errors: [{ field: 'username' }] })
    const asPassword = await signIn({ username: 'demo', password: value }).expect(400)
    expect(asPassword.body.errors).toEqual([expect.objectContaining({ field: 'password' })])
  })

  it('C16 treats $nor, __proto__ and nested fields in a form as unknown fields', async () => {
    for (const field of ['username[$ne]', '$nor', '__proto__[username]']) {
      const answer = await request(server.app)
        .post('/login')
        .type('form')
        .send({ [field]: 'x', password })
      expect(answer.status).toBe(400)
    }
  })

  it('answers 200 if this user is already signed in, whatever the password', async () => {
    const { user, cookie } = await userSignedIn(server)
    const answer = await signIn({ username: user.email, password: 'not looked at' }, cookie).expect(
      200,
    )
    expect(answer.body.user.id).toBe(user.id)
    expect(answer.headers['set-cookie']).toBeUndefined()
  })

  it("replaces the session on another account's valid credentials and keeps nothing of it", async () => {
    const first = await userSignedIn(server)
    const second = await server.addUser()
    const answer = await signIn({ username: second.username, password }, first.cookie).expect(200)
    expect(answer.body.user.id).toBe(second.id)
    await request(server.app).get('/session').set('Cookie', first.cookie).expect(401)
  })

  it('R22 C2 ends a session whose cookie was planted and creates a new id', async () => {
    const planted = await userSignedIn(server)
    const victim = await server.addUser()
    const answer = await signIn({ username: victim.username, password }, planted.cookie)
    expect(cookieOf(answer)).not.toBe(planted.cookie)
    await request(server.app).get('/session').set('Cookie', planted.cookie).expect(401)
  })
})

describe('POST /login from the form', () => {
  it('leads to the account page', async () => {
    const { username } = await server.addUser()
    const answer = await signInByForm({ username, password }).expect(303)
    expect(answer.headers.location).toBe('/account')
  })

  it.each([
    ['/account?tab=1#top', '/account?tab=1#top'],
    ['https://shop.example/dashboard?x=1', 'https://shop.example/dashboard?x=1'],
    ['http://127.0.0.1/account', '/account'],
  ])('R39 returns to %s', async (returnTo, location) => {
    const { username } = await server.addUser()
    const answer = await signInByForm({ username, password, returnTo }).expect(303)
    expect(answer.headers.location).toBe(location)
  })

  it.each([
    '//evil.example',
    String.raw`/\evil.example`,
    String.raw`\\evil.example`,
    'https:evil.example',
    'https://evil.example',
    'https://shop.example.evil.example',
    'https://shop.example@evil.example',
    'https://shop.example:444',
    'http://shop.example',
    '/\t/evil.example',
    '\thttps://evil.example',
    'javascript:alert(1)',
    'blob:https://shop.example/x',
    'data:text/html,x',
  ])('R39 C20 does not return to %j', async (returnTo) => {
    const { username } = await server.addUser()
    const answer = await signInByForm({ username, password, returnTo }).expect(303)
    expect(answer.headers.location).toMatch(/^\/(?![/\\])/)
    expect(answer.headers.location).not.toContain('evil')
  })

  it('C20 never sends a path that a browser would read as a host', async () => {
    const { username } = await server.addUser()
    const answer = await signInByForm({ username, password, returnTo: '/.//evil.example' }).expect(
      303,
    )
    expect(answer.headers.location).toBe('/evil.example')
  })

  it('shows the form again with the name but not the password if the password is wrong', async () => {
    const { username } = await server.addUser()
    const answer = await signInByForm({ username, password: 'wrong <b>', returnTo: '/account' })
    expect(answer.status).toBe(401)
    expect(answer.text).toContain(`value="${username}"`)
    expect(answer.text).toContain('value="/account"')
    expect(answer.text).not.toContain('wrong')
  })

  it('shows which field is missing', async () => {
    const answer = await signInByForm({ username: 'demo', password: '' })
    expect(answer.status).toBe(400)
    expect(answer.text).toContain('aria-describedby')
  })
})

describe('GET /login', () => {
  it('shows the form', async () => {
    const answer = await request(server.app).get('/login').set('Accept', 'text/html').expect(200)
    expect(answer.text).toContain('autocomplete="current-password"')
  })

  it('also sends a signed-in program on', async () => {
    const { cookie } = await userSignedIn(server)
    const { headers } = await request(server.app).get('/login').set('Cookie', cookie).expect(303)
    expect(headers.location).toBe('/account')
  })

  it('sends a signed-in user on to returnTo', async () => {
    const { cookie } = await userSignedIn(server)
    const visit = request(server.app).get('/login?returnTo=https://shop.example/x')
    const answer = await visit.set('Accept', 'text/html').set('Cookie', cookie).expect(303)
    expect(answer.headers.location).toBe('https://shop.example/x')
  })

  it('allows the form to end at a listed origin and no other', async () => {
    const visit = (returnTo: string) =>
      request(server.app).get('/login').query({ returnTo }).set('Accept', 'text/html')
    const listed = await visit('https://shop.example/x')
    expect(listed.headers['content-security-policy']).toContain(
      "form-action 'self' https://shop.example;",
    )
    const foreign = await visit('https://evil.example/x')
    expect(foreign.headers['content-security-policy']).toContain("form-action 'self';")
    expect(foreign.text).not.toContain('evil.example')
  })
})

describe('POST /reauthenticate', () => {
  it('R22 gives the session a new id, ends the old one and keeps its content', async () => {
    const { user, cookie } = await userSignedIn(server)
    const before = await request(server.app).get('/account').set('Cookie', cookie)
    const answer = await request(server.app)
      .post('/reauthenticate')
      .set('Cookie', cookie)
      .send({ password })
    expect(answer.status).toBe(200)
    expect(answer.body.user.id).toBe(user.id)
    await request(server.app).get('/session').set('Cookie', cookie).expect(401)
    const after = await request(server.app)
      .get('/account')
      .set('Cookie', cookieOf(answer))
      .expect(200)
    expect(Date.parse(after.body.signedInAt)).toBeGreaterThan(Date.parse(before.body.signedInAt))
  })

  it('refuses a wrong password and keeps the session', async () => {
    const { cookie } = await userSignedIn(server)
    const wrong = request(server.app).post('/reauthenticate').set('Cookie', cookie)
    await wrong.send({ password: 'wrong' }).expect(401)
    await request(server.app).get('/session').set('Cookie', cookie).expect(200)
  })

  it('R25 is refused if the user signed out while the password was checked', async () => {
    const behind = await startBehindProxy(server)
    const { user, cookie } = await userSignedIn(server)
    // The lookup of the user gets no answer until the sign-out is done.
    const isLookup = ({ command }: { command: object }) =>
      JSON.stringify(command).includes(user.username)
    const checking = behind.onCommand(isLookup, () => behind.proxy.hold())
    const again = request(behind.app).post('/reauthenticate').set('Cookie', cookie)
    const signOut = checking.then(async () => {
      await request(server.app).post('/logout').set('Cookie', cookie).expect(200)
      await behind.proxy.heal()
    })
    const [answer] = await Promise.all([again.send({ password }).expect(401), signOut])
    await request(server.app).get('/session').set('Cookie', cookieOf(answer)).expect(401)
    await behind.close()
  })

  it('is for signed-in users', async () => {
    await request(server.app).post('/reauthenticate').send({ password }).expect(401)
  })
})

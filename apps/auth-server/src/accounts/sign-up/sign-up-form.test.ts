import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { startTestApp } from '../../../testing/auth-server.fixture.ts'
import { newInvite } from '../../../testing/invites.fixture.ts'

const password = 'seven quiet rivers meet'
let server: Awaited<ReturnType<typeof startTestApp>>
beforeAll(async () => {
  server = await startTestApp()
})
afterAll(() => server.close())

async function newToken(): Promise<string> {
  return (await newInvite(server)).token
}

function post(fields: Record<string, string>) {
  return request(server.app).post('/signup').set('Accept', 'text/html').type('form').send(fields)
}

describe('POST /signup from the form', () => {
  it('asks to check the e-mail', async () => {
    const person = { username: 'ada', email: 'ada@mail.test', password }
    const answer = await post({ ...person, invite: await newToken() }).expect(202)
    expect(answer.text).toContain('Check your e-mail')
    expect(answer.text).not.toContain('ada')
  })

  it('shows every problem at its field, and keeps the invite', async () => {
    const token = await newToken()
    const answer = await post({ username: 'a@b', email: 'x', password: 'short', invite: token })
    expect(answer.status).toBe(400)
    for (const field of ['username', 'email', 'password'])
      expect(answer.text).toContain(`id="${field}-error"`)
    expect(answer.text).toContain(`value="${token}"`)
    expect(answer.text).not.toContain('short')
    expect(answer.headers['referrer-policy']).toBe('strict-origin')
  })

  it('shows all problems of a password at once', async () => {
    const invite = await newToken()
    const person = { username: 'grace', email: 'grace@mail.test', invite }
    const { text } = await post({ ...person, password: 'password1' }).expect(400)
    expect(text).toContain('Use at least 15 characters')
    expect(text).toContain('Many people use this password')
  })

  it('shows a taken name at its field', async () => {
    const { username } = await server.addUser()
    const invite = await newToken()
    const answer = await post({ username, email: 'new@mail.test', password, invite })
    expect(answer.status).toBe(409)
    expect(answer.text).toContain('id="username-error"')
  })

  it('shows a page of its own for an unknown invite', async () => {
    const person = { username: 'eve', email: 'eve@mail.test', password }
    const answer = await post({ ...person, invite: 'never' }).expect(410)
    expect(answer.text).toContain('<h1>This invitation link doesn’t work</h1>')
    expect(answer.text).toContain('invite_used_or_expired')
  })

  it('R32 accepts posts from its own page, even without Sec-Fetch headers, and from no other site', async () => {
    const fields = async () => ({
      username: 'joan',
      email: 'joan@mail.test',
      password,
      invite: await newToken(),
    })
    await post(await fields())
      .set({ Origin: 'null', 'Sec-Fetch-Site': 'cross-site' })
      .expect(403)
    await post(await fields())
      .set({ Origin: 'null' })
      .expect(202)
  })

  it('R32 needs an invite if the origin is a bare null', async () => {
    const person = { username: 'jean', email: 'jean@mail.test', password }
    const answer = await post(person).set({ Origin: 'null', Accept: 'application/json' })
    expect([answer.status, answer.body.code]).toEqual([403, 'foreign_origin'])
  })
})

describe('the link of a closed invite', () => {
  it('says that it was used, and offers to sign in', async () => {
    const { token } = await newInvite(server)
    const person = { username: 'olga', email: 'olga@mail.test', password }
    await post({ ...person, invite: token }).expect(202)
    const { text } = await open(token)
    expect(text).toContain('<h1>This invitation was already used</h1>')
    expect(text).toContain('href="/login">Sign in</a>')
  })

  it.each([
    ['expiresAt', 'This invitation has expired'],
    ['revokedAt', 'This invitation was withdrawn'],
  ])('says why, by %s: %s', async (field, title) => {
    const { id, token } = await newInvite(server)
    await server.invites.updateOne({ _id: id }, { $set: { [field]: new Date(Date.now() - 1000) } })
    expect((await open(token)).text).toContain(`<h1>${title}</h1>`)
  })

  function open(token: string) {
    return request(server.app)
      .get('/invite')
      .query({ token })
      .set('Accept', 'text/html')
      .expect(410)
  }
})

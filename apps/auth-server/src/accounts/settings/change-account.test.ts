import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { cookieOf, password, startTestApp } from '../../../testing/auth-server.fixture.ts'
import { mailTo } from '../../../testing/mailed-links.fixture.ts'
import { sessionStatus, userSignedInTwice } from '../../../testing/signed-in.fixture.ts'
import { badPasswords } from '../../../testing/users.fixture.ts'

let server: Awaited<ReturnType<typeof startTestApp>>
const newPassword = 'eight loud rivers part'

beforeAll(async () => {
  server = await startTestApp({ LIMIT_MAIL_PER_ADDRESS: '1000', LIMIT_SIGN_IN_PER_ADDRESS: '1000' })
})
afterAll(() => server.close())

function signIn(username: string, chosen = password) {
  return request(server.app).post('/login').send({ username, password: chosen })
}

function post(path: string, cookie: string, body: object) {
  return request(server.app).post(path).set('Cookie', cookie).send(body)
}

describe('POST /change_password', () => {
  it('needs the current password (R6), then makes the new one the only one', async () => {
    const { user, here } = await userSignedInTwice(server)
    const wrong = await post('/change_password', here, { password: 'wrong', newPassword })
    expect(wrong.status).toBe(401)
    expect(wrong.body.code).toBe('invalid_credentials')
    expect(await sessionStatus(server, here)).toBe(200)
    await post('/change_password', here, { password, newPassword }).expect(200)
    await signIn(user.username).expect(401)
    await signIn(user.username, newPassword).expect(200)
  })

  it('ends every session and gives this browser a new one', async () => {
    const { user, here, elsewhere } = await userSignedInTwice(server)
    const answer = await post('/change_password', here, { password, newPassword }).expect(200)
    expect(answer.body.user.id).toBe(user.id)
    expect(await sessionStatus(server, elsewhere)).toBe(401)
    expect(await sessionStatus(server, here)).toBe(401)
    expect(await sessionStatus(server, cookieOf(answer))).toBe(200)
  })

  it('R14 sends the user an e-mail', async () => {
    const { user, here } = await userSignedInTwice(server)
    await post('/change_password', here, { password, newPassword }).expect(200)
    const mail = await mailTo(server, { to: user.email, kind: 'password_changed' })
    expect(mail.data).toMatchObject({ username: user.username, address: expect.any(String) })
  })

  it.each(badPasswords)(
    'enforces the rules and names the field: %s (R1, R4, R5)',
    async (newPassword, words) => {
      const { user, here } = await userSignedInTwice(server)
      const answer = await post('/change_password', here, { password, newPassword }).expect(400)
      const message = expect.stringContaining(words)
      expect(answer.body.errors).toEqual([{ field: 'newPassword', message }])
      await signIn(user.username).expect(200)
    },
  )

  it('accepts one of two concurrent changes, and the old password no longer works', async () => {
    const { user, here } = await userSignedInTwice(server)
    const chosen = [newPassword, 'nine cold rivers bend']
    const answers = await Promise.all(
      chosen.map((each) => post('/change_password', here, { password, newPassword: each })),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    await signIn(user.username).expect(401)
  })

  it('shows a wrong password at its field, with no summary', async () => {
    const { here } = await userSignedInTwice(server)
    const { text } = await post('/change_password', here, { password: 'wrong', newPassword })
      .set('Accept', 'text/html')
      .type('form')
      .expect(401)
    expect(text).toContain('id="password-error" role="alert">Wrong password.</p>')
    expect(text).not.toContain('id="problem"')
    expect(text).not.toContain(newPassword)
  })

  it('names each empty field', async () => {
    const { here } = await userSignedInTwice(server)
    const { body } = await post('/change_password', here, { newPassword: '' }).expect(400)
    expect(body.errors).toEqual([
      { field: 'password', message: 'Enter your current password.' },
      { field: 'newPassword', message: 'Enter a new password.' },
    ])
  })

  it('leads from the form to the account page, which shows a notice', async () => {
    const { here } = await userSignedInTwice(server)
    const answer = await post('/change_password', here, { password, newPassword })
      .set('Accept', 'text/html')
      .type('form')
      .expect(303)
    const page = await request(server.app)
      .get(String(answer.headers.location))
      .set({ Accept: 'text/html', Cookie: cookieOf(answer) })
      .expect(200)
    expect(page.text).toContain('Password changed.')
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
    '%s is for signed-in users',
    async (path) => {
      await request(server.app).get(path).set('Accept', 'text/html').expect(303)
      await request(server.app).post(path).send({ password }).expect(401)
    },
  )
})

describe('the forms to change an account', () => {
  it.each([
    ['/change_password', 'newPassword'],
    ['/change_email', 'newEmail'],
    ['/account/delete', 'password'],
  ])('at %s work without a script and show errors', async (path, field) => {
    const { here } = await userSignedInTwice(server)
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
    const { here } = await userSignedInTwice(server)
    const page = await request(server.app)
      .get('/account')
      .set({ Accept: 'text/html', Cookie: here })
    for (const path of ['/change_password', '/change_email', '/account/delete'])
      expect(page.text).toContain(`href="${path}"`)
  })
})

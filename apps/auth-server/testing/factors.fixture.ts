import { generate } from 'otplib'
import request from 'supertest'
import { cookieOf, password, type startTestApp } from './auth-server.fixture.ts'
import { userSignedIn } from './signed-in.fixture.ts'

type Server = Awaited<ReturnType<typeof startTestApp>>

/** A new user who has set up an authenticator app and is signed in with it. */
export async function userWithTotp(server: Server, given: { roles?: string[] } = {}) {
  const { user, cookie } = await userSignedIn(server, given)
  return { user, ...(await enrolTotp(server, cookie)) }
}

/** Sets up and confirms an authenticator app for the visitor with this cookie. */
export async function enrolTotp(server: Server, cookie: string) {
  const post = (path: string) => request(server.app).post(path).set('Cookie', cookie)
  const made = await post('/account/totp').expect(200)
  const secret = String(made.body.secret)
  const answer = await post('/account/totp/confirm').send({ code: await generate({ secret }) })
  return {
    secret,
    uri: String(made.body.uri),
    recoveryCodes: [answer.body.recoveryCodes].flat().map(String),
    cookie: cookieOf(answer),
    answer,
  }
}

/** The code that the app shows now. It is marked as unused. */
export async function unusedCode({ factors }: Server, userId: string, secret: string) {
  await factors.updateOne({ _id: userId }, { $set: { 'totp.lastStep': -1 } })
  return await generate({ secret })
}

/** Enters the password alone. Returns the cookie of the pending second step. */
export async function pendingSignIn(server: Server, username: string) {
  const answer = await request(server.app).post('/login').send({ username, password })
  return { answer, cookie: cookieOf(answer) }
}

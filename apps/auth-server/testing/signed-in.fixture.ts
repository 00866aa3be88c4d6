import request from 'supertest'
import { cookieOf, password, type startTestApp } from './auth-server.fixture.ts'

type Server = Awaited<ReturnType<typeof startTestApp>>

/** Signs in a user with the fixture's password. Returns the cookie of the new session. */
export async function signedIn({ app }: Pick<Server, 'app'>, username: string): Promise<string> {
  return cookieOf(await request(app).post('/login').send({ username, password }).expect(200))
}

/** A new user who is signed in. */
export async function userSignedIn(server: Server, given: { roles?: string[] } = {}) {
  const user = await server.addUser(given)
  return { user, cookie: await signedIn(server, user.username) }
}

/** A new user who is signed in with two browsers. */
export async function userSignedInTwice(server: Server) {
  const { user, cookie } = await userSignedIn(server)
  return { user, here: cookie, elsewhere: await signedIn(server, user.username) }
}

/** The status of `GET /session`: 200 if the cookie is of a signed-in user, otherwise 401. */
export async function sessionStatus({ app }: Pick<Server, 'app'>, cookie: string): Promise<number> {
  return (await request(app).get('/session').set('Cookie', cookie)).status
}

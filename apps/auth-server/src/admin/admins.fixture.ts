import request from 'supertest'
import { cookieOf, password, startTestApp } from '../auth-server.fixture.ts'

/** auth-server with an admin signed in, and what they do there in a browser. */
export async function startWithAdmin(env: Record<string, string> = {}) {
  const server = await startTestApp({ LIMIT_SIGN_IN_PER_ADDRESS: '1000', ...env })
  const admin = await server.addUser({ roles: ['admin'] })
  const cookie = await signIn(admin.username)

  async function signIn(username: string): Promise<string> {
    const login = request(server.app).post('/login').send({ username, password })
    return cookieOf(await login.expect(200))
  }
  return {
    ...server,
    admin,
    cookie,
    signIn,

    visit(path: string) {
      return request(server.app).get(path).set({ Cookie: cookie, Accept: 'text/html' })
    },

    /** Presses the button of a form. */
    press(path: string, body: object = {}) {
      return request(server.app)
        .post(path)
        .set({ Cookie: cookie, Accept: 'text/html' })
        .type('form')
        .send(body)
    },

    async isSignedIn(own: string): Promise<boolean> {
      return (await request(server.app).get('/session').set('Cookie', own)).status === 200
    },
  }
}

import request from 'supertest'
import { startTestApp } from './auth-server.fixture.ts'
import { sessionStatus, signedIn } from './signed-in.fixture.ts'

/** An auth-server with a signed-in admin, and requests as the admin's browser makes them. */
export async function startWithAdmin(env: Record<string, string> = {}) {
  const server = await startTestApp({ LIMIT_SIGN_IN_PER_ADDRESS: '1000', ...env })
  const admin = await server.addUser({ roles: ['admin'] })
  const cookie = await signIn(admin.username)

  function signIn(username: string): Promise<string> {
    return signedIn(server, username)
  }
  return {
    ...server,
    admin,
    cookie,
    signIn,

    visit(path: string) {
      return request(server.app).get(path).set({ Cookie: cookie, Accept: 'text/html' })
    },

    /** Submits a form. */
    press(path: string, body: object = {}) {
      return request(server.app)
        .post(path)
        .set({ Cookie: cookie, Accept: 'text/html' })
        .type('form')
        .send(body)
    },

    async isSignedIn(own: string): Promise<boolean> {
      return (await sessionStatus(server, own)) === 200
    },
  }
}

import request from 'supertest'
import { cookieOf, password, startTestApp } from '../auth-server.fixture.ts'

/** auth-server with an admin in front of it, who reads pages and posts forms. */
export async function openAdmin(env: Record<string, string> = {}) {
  const server = await startTestApp(env)
  const { username } = await server.addUser({ roles: ['admin'] })
  const signedIn = await request(server.app).post('/login').send({ username, password })
  const cookie = cookieOf(signedIn)
  return {
    server,
    username,

    /** The page at that path. */
    async page(path: string, status = 200): Promise<string> {
      const asked = request(server.app).get(path).set({ Cookie: cookie, Accept: 'text/html' })
      return (await asked.expect(status)).text
    },
    /** As a form of a page posts. */
    post(path: string, fields: Record<string, string> = {}) {
      const posted = request(server.app).post(path).set({ Cookie: cookie, Accept: 'text/html' })
      return posted.type('form').send(fields)
    },
    /** As a program asks. */
    json: {
      get: (path: string) => request(server.app).get(path).set('Cookie', cookie),
      post: (path: string, body: object = {}) =>
        request(server.app).post(path).set('Cookie', cookie).send(body),
    },
  }
}

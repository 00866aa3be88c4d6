import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { cookieOf, password, startTestApp } from '../../testing/auth-server.fixture.ts'

let server: Awaited<ReturnType<typeof startTestApp>>

beforeAll(async () => {
  server = await startTestApp()
})
afterAll(() => server.close())

async function signedInAs(roles: string[]): Promise<string> {
  const { username } = await server.addUser({ roles })
  return cookieOf(await request(server.app).post('/login').send({ username, password }).expect(200))
}

function visit(path: string, cookie: string) {
  return request(server.app).get(path).set('Cookie', cookie).set('Accept', 'text/html')
}

describe('/admin', () => {
  it('is for admins only', async () => {
    await visit('/admin', await signedInAs(['admin'])).expect(200)
    await visit('/admin', await signedInAs(['support'])).expect(403)
    const { headers } = await visit('/admin', '').expect(303)
    expect(headers.location).toBe('/login?returnTo=%2Fadmin')
  })

  it('asks for the password again 15 minutes after the sign-in', async () => {
    const cookie = await signedInAs(['admin'])
    const [key = ''] = await server.redis.keys(`${server.keyPrefix}sess:*`)
    for (const name of await server.redis.keys(`${server.keyPrefix}sess:*`)) {
      // oxlint-disable-next-line no-await-in-loop
      const session = JSON.parse((await server.redis.get(name)) ?? '{}')
      session.authKit.signIn.at -= 16 * 60_000
      // oxlint-disable-next-line no-await-in-loop
      await server.redis.set(name, JSON.stringify(session), 'KEEPTTL')
    }
    expect(key).not.toBe('')
    const { headers } = await visit('/admin', cookie).expect(303)
    expect(headers.location).toBe('/reauthenticate?returnTo=%2Fadmin')
  })
})

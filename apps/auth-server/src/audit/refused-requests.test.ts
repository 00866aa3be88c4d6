import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { startTestApp } from '../../testing/auth-server.fixture.ts'
import { userSignedIn } from '../../testing/signed-in.fixture.ts'

let server: Awaited<ReturnType<typeof startTestApp>>
beforeAll(async () => {
  server = await startTestApp({ LOG_LEVEL: 'info' })
})
afterAll(() => server.close())

describe('a refused request', () => {
  it('R60 is logged and counted with user and endpoint, without filling the database', async () => {
    const { user, cookie } = await userSignedIn(server)
    const origin = 'https://evil.example'
    await request(server.app).post('/logout').set({ Cookie: cookie, Origin: origin }).expect(403)
    await request(server.app).get('/admin/users').set('Cookie', cookie).expect(403)
    const lines = server.log.map((line) => JSON.parse(line))
    expect(lines).toContainEqual(
      expect.objectContaining({
        event: 'foreign_origin_refused',
        details: { origin, endpoint: 'POST /logout' },
      }),
    )
    expect(lines).toContainEqual(
      expect.objectContaining({
        event: 'access_refused',
        subject: user.id,
        details: { endpoint: 'GET /admin/users' },
      }),
    )
    expect(await server.audited({ event: 'access_refused' })).toEqual([])
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { startTestApp } from '../../../../testing/auth-server.fixture.ts'
import { allMailsTo } from '../../../../testing/mailed-links.fixture.ts'
import { userSignedIn } from '../../../../testing/signed-in.fixture.ts'

let server: Awaited<ReturnType<typeof startTestApp>>
beforeAll(async () => {
  server = await startTestApp()
})
afterAll(() => server.close())

describe('DELETE /account/totp', () => {
  it('alarms nobody if there is no authenticator app', async () => {
    const { user, cookie } = await userSignedIn(server)
    await request(server.app).post('/account/totp').set('Cookie', cookie).expect(200)
    await request(server.app).delete('/account/totp').set('Cookie', cookie).expect(204)
    await request(server.app).post('/account/totp/delete').set('Cookie', cookie).expect(204)
    expect(await allMailsTo(server, user.email, 'factors_changed')).toEqual([])
  })
})

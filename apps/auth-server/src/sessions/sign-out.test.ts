import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { startTestApp } from '../../testing/auth-server.fixture.ts'
import { userSignedIn } from '../../testing/signed-in.fixture.ts'

let server: Awaited<ReturnType<typeof startTestApp>>

beforeAll(async () => {
  server = await startTestApp()
})
afterAll(() => server.close())

describe('POST /logout', () => {
  it('ends the session', async () => {
    const { cookie } = await userSignedIn(server)
    await request(server.app).post('/logout').set('Cookie', cookie).expect(200)
    await request(server.app).get('/session').set('Cookie', cookie).expect(401)
  })

  it('succeeds without a session, with an ended one and with a made-up cookie', async () => {
    const { cookie } = await userSignedIn(server)
    await request(server.app).post('/logout').set('Cookie', cookie).expect(200)
    for (const sent of ['', cookie, 'session=s%3Amade.up', 'session=%00']) {
      await request(server.app).post('/logout').set('Cookie', sent).expect(200)
    }
  })

  it('R25 C26 ends the session even beside a planted cookie', async () => {
    const { cookie } = await userSignedIn(server)
    const both = `session=planted; ${cookie}`
    await request(server.app).post('/logout').set('Cookie', both).expect(200)
    await request(server.app).get('/session').set('Cookie', cookie).expect(401)
  })

  it('R31 clears the session cookie and browser storage, but no other cookie', async () => {
    const { cookie } = await userSignedIn(server)
    const { headers } = await request(server.app).post('/logout').set('Cookie', cookie)
    expect(headers['clear-site-data']).toBe('"cache", "storage"')
    expect(String(headers['set-cookie'])).toMatch(/^session=;.*Expires=Thu, 01 Jan 1970/)
  })

  it.each([
    ['cache', '"cache"'],
    ['storage, cache', '"storage", "cache"'],
    ['none', undefined],
  ])('R31 clears what CLEAR_SITE_DATA=%s says', async (setting, header) => {
    const other = await startTestApp({ CLEAR_SITE_DATA: setting })
    const { headers } = await request(other.app).post('/logout').expect(200)
    expect(headers['clear-site-data']).toBe(header)
    await other.close()
  })

  it('sends a browser to the sign-in page', async () => {
    const { cookie } = await userSignedIn(server)
    const form = request(server.app)
      .post('/logout')
      .set('Cookie', cookie)
      .set('Accept', 'text/html')
    const { headers } = await form.expect(303)
    expect(headers.location).toBe('/login')
  })

  it('R32 refuses a request from another site', async () => {
    const { cookie } = await userSignedIn(server)
    const foreign = request(server.app).post('/logout').set('Cookie', cookie)
    await foreign.set('Origin', 'https://evil.example').expect(403)
    await request(server.app).get('/session').set('Cookie', cookie).expect(200)
  })
})

describe('GET /logout', () => {
  it('R34 asks and changes nothing', async () => {
    const { cookie } = await userSignedIn(server)
    const page = request(server.app).get('/logout').set('Cookie', cookie).set('Accept', 'text/html')
    expect((await page.expect(200)).text).toContain('method="post"')
    await request(server.app).head('/logout').set('Cookie', cookie)
    await request(server.app).get('/session').set('Cookie', cookie).expect(200)
  })

  it('tells a signed-out browser that it is signed out, without asking for a password', async () => {
    const answer = await request(server.app).get('/logout').set('Accept', 'text/html').expect(303)
    expect(answer.headers.location).toBe('/login?notice=signed_out')
    const page = await request(server.app)
      .get('/login?notice=signed_out')
      .set('Accept', 'text/html')
    expect(page.text).toContain('You are signed out.')
  })
})

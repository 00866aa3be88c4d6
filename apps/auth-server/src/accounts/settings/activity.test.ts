import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { cookieOf, password, startTestApp } from '../../../testing/auth-server.fixture.ts'
import { hostile, site, withoutEscaped } from '../../../testing/pages.fixture.ts'
import { mailTo, tokenIn } from '../../../testing/mailed-links.fixture.ts'
import { activityPage } from './activity.page.ts'

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'

let server: Awaited<ReturnType<typeof startTestApp>>

beforeAll(async () => {
  server = await startTestApp({ TRUST_PROXY: '1' })
})
afterAll(() => server.close())

function login(username: string, secret = password) {
  return request(server.app)
    .post('/login')
    .set({ 'User-Agent': firefox, 'X-Forwarded-For': '203.0.113.5' })
    .send({ username, password: secret })
}

async function activity(cookie: string) {
  await server.audited()
  const { body } = await request(server.app)
    .get('/account/activity')
    .set('Cookie', cookie)
    .expect(200)
  return body
}

describe('/account/activity', () => {
  it('lists sign-ins, even failed ones, with device and network address', async () => {
    const { username } = await server.addUser()
    await login(username, 'wrong').expect(401)
    const cookie = cookieOf(await login(username))
    const { events } = await activity(cookie)
    const place = { device: 'Firefox on Linux', address: '203.0.113.5' }
    expect(events).toMatchObject([
      { event: 'signed_in', outcome: 'success', ...place },
      { event: 'sign_in_failed', outcome: 'failure', ...place },
    ])
  })

  it('lists a change of password', async () => {
    const { username } = await server.addUser()
    const cookie = cookieOf(await login(username))
    const change = { password, newPassword: 'another horse battery staple' }
    const changed = request(server.app).post('/change_password').set('Cookie', cookie).send(change)
    const { events } = await activity(cookieOf(await changed.expect(200)))
    const names = events.map(({ event }: { event: string }) => event)
    expect(names).toContain('password_changed')
  })

  it('shows where a link was used, even by somebody signed in to another account', async () => {
    const [victim, stranger] = [await server.addUser(), await server.addUser()]
    const theirs = cookieOf(await login(stranger.username))
    await request(server.app).post('/forgot_password').send({ email: victim.email }).expect(202)
    const token = tokenIn(await mailTo(server, { to: victim.email, kind: 'reset' }))
    const secret = 'another horse battery staple'
    await request(server.app)
      .post('/reset_password')
      .set({ Cookie: theirs, 'User-Agent': firefox, 'X-Forwarded-For': '203.0.113.66' })
      .send({ token, password: secret })
      .expect(200)
    const { events } = await activity(cookieOf(await login(victim.username, secret)))
    const place = { device: 'Firefox on Linux', address: '203.0.113.66', byAdmin: false }
    expect(events).toContainEqual(expect.objectContaining({ event: 'password_reset', ...place }))
    // The stranger asked for the link, not an admin.
    const asked = { event: 'mail_requested', byAdmin: false }
    expect(events).toContainEqual(expect.objectContaining(asked))
  })

  it('lists what an admin did, without naming the admin or the network address', async () => {
    const [user, admin] = [await server.addUser(), await server.addUser({ roles: ['admin'] })]
    const cookie = cookieOf(await login(admin.username))
    await request(server.app)
      .post(`/admin/users/${user.id}/end-sessions`)
      .set({ Cookie: cookie, 'User-Agent': firefox })
      .expect(204)
    const { events } = await activity(cookieOf(await login(user.username)))
    const ended = { event: 'sessions_ended', byAdmin: true, address: null, device: null }
    expect(events).toContainEqual(expect.objectContaining(ended))
  })

  it('lists events of the user’s own account only', async () => {
    const [one, other] = [await server.addUser(), await server.addUser()]
    await login(other.username)
    const { events } = await activity(cookieOf(await login(one.username)))
    expect(events).toHaveLength(1)
  })

  it('is a page for signed-in users, linked from the account page', async () => {
    const { username } = await server.addUser()
    const asBrowser = { Cookie: cookieOf(await login(username)), Accept: 'text/html' }
    const account = await request(server.app).get('/account').set(asBrowser).expect(200)
    expect(account.text).toContain('href="/account/activity"')
    await server.audited()
    const { text } = await request(server.app).get('/account/activity').set(asBrowser).expect(200)
    expect(text).toContain('Firefox on Linux')
    await request(server.app).get('/account/activity').expect(401)
  })

  it('escapes every recorded value (R40)', () => {
    const draw = (text: string) => {
      const event = { id: 'id', at: new Date(0), event: text, words: text, byAdmin: true }
      const place = { outcome: 'failure' as const, address: text, device: text, client: text }
      return activityPage(site, { events: [{ ...event, ...place }], next: null, isFirst: false })
    }
    expect(withoutEscaped(draw(hostile))).toBe(draw('calm'))
  })
})

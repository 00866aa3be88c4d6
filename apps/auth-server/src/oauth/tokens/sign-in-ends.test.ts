import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { decodeJwt } from 'jose'
import request from 'supertest'
import { cookieOf, password, startTestApp } from '../../../testing/auth-server.fixture.ts'
import {
  addTestClients,
  authorizePath,
  codeFor,
  exchange,
  pairByCode,
  pairByPassword,
  pkce,
  refresh,
  startWithClients,
  type TestServer,
  verify,
} from '../../../testing/token-clients.fixture.ts'
import { signedIn } from '../../../testing/signed-in.fixture.ts'

const { server, clients } = await startWithClients()
afterAll(() => server.close())

const newPassword = 'another fine long passphrase'

async function atTwoSites() {
  const user = await server.addUser()
  const cookie = await signedIn(server, user.username)
  const one = await pairByCode(server, clients.site, cookie)
  const two = await pairByCode(server, clients.app, cookie)
  return { user, cookie, one, two }
}

async function expectEnded(pairs: { access_token: string; refresh_token: string }[]) {
  for (const { access_token, refresh_token } of pairs) {
    // oxlint-disable-next-line no-await-in-loop
    expect(await verify(server, clients.api, access_token)).toMatchObject({ reason: 'revoked' })
    const client =
      decodeJwt(refresh_token).client_id === clients.app.id ? clients.app : clients.site
    // oxlint-disable-next-line no-await-in-loop
    await refresh(server, client, refresh_token).expect(400)
  }
}

describe('an SSO session', () => {
  it('(R54) expires for every client at the same time, which refreshing does not move', async () => {
    const { one, two } = await atTwoSites()
    const { body } = await refresh(server, clients.app, two.refresh_token).expect(200)
    const ends = [one, two, body].map(({ refresh_token }) => decodeJwt(refresh_token).exp)
    expect(new Set(ends).size).toBe(1)
    const days = (Number(ends[0]) * 1000 - Date.now()) / 86_400_000
    expect(days).toBeGreaterThan(89.9)
    expect(days).toBeLessThanOrEqual(90)
  })

  it('(R25) ends with a sign-out, for every client', async () => {
    const { cookie, one, two } = await atTwoSites()
    await request(server.app).post('/logout').set('Cookie', cookie).expect(200)
    await expectEnded([one, two])
  })

  it('ends when another account signs in over it', async () => {
    const { cookie, one, two } = await atTwoSites()
    const { username } = await server.addUser()
    const login = request(server.app).post('/login').set('Cookie', cookie)
    const answer = await login.send({ username, password }).expect(200)
    await expectEnded([one, two])
    const theirs = await pairByCode(server, clients.site, cookieOf(answer))
    await refresh(server, clients.site, theirs.refresh_token).expect(200)
  })

  it('goes on when its user re-enters the password, or another account’s sign-in fails', async () => {
    const { cookie, one, two } = await atTwoSites()
    const { username } = await server.addUser()
    const login = request(server.app).post('/login').set('Cookie', cookie)
    await login.send({ username, password: 'not the password at all' }).expect(401)
    await refresh(server, clients.site, one.refresh_token).expect(200)
    const again = request(server.app).post('/reauthenticate').set('Cookie', cookie)
    await again.send({ password }).expect(200)
    await refresh(server, clients.app, two.refresh_token).expect(200)
  })

  it('takes its session with it if it ends alone, so that the visitor is not redirected in a loop', async () => {
    const { cookie, one } = await atTwoSites()
    const family = await server.families.findById(String(decodeJwt(one.refresh_token).sid)).lean()
    await server.signIns.updateOne({ _id: String(family?.signInId) }, { endedAt: new Date() })
    const path = authorizePath(clients.site, pkce().challenge)
    const asked = await request(server.app).get(path).set('Cookie', cookie).expect(303)
    expect(asked.headers.location).toMatch(/^\/login\?/)
    await request(server.app).get('/login').set('Cookie', cookie).expect(200)
  })

  it('ends alone: another one of the same user goes on', async () => {
    const { user, cookie } = await atTwoSites()
    const other = await pairByPassword(server, clients.app, user.username)
    await request(server.app).post('/logout').set('Cookie', cookie).expect(200)
    await refresh(server, clients.app, other.refresh_token).expect(200)
  })

  it('(R18, C12) ends with a change of password', async () => {
    const { cookie, one, two } = await atTwoSites()
    const change = request(server.app).post('/change_password').set('Cookie', cookie)
    const changed = await change.send({ password, newPassword }).expect(200)
    await expectEnded([one, two])
    const again = await pairByCode(server, clients.site, cookieOf(changed))
    await refresh(server, clients.site, again.refresh_token).expect(200)
  })

  it('(R26) ends with the account', async () => {
    const { cookie, one, two } = await atTwoSites()
    await request(server.app)
      .delete('/account')
      .set('Cookie', cookie)
      .send({ password })
      .expect(204)
    await expectEnded([one, two])
  })

  it('(R26) gives no more tokens to a suspended user', async () => {
    const { user, one } = await atTwoSites()
    const admin = await server.addUser({ roles: ['admin'] })
    await request(server.app)
      .post(`/admin/users/${user.id}/suspend`)
      .set('Cookie', await signedIn(server, admin.username))
      .send({})
      .expect(204)
    await refresh(server, clients.site, one.refresh_token).expect(400)
  })

  it('gives tokens again after a reuse ended a family (C29)', async () => {
    const { cookie, one } = await atTwoSites()
    const second = await refresh(server, clients.site, one.refresh_token).expect(200)
    await refresh(server, clients.site, second.body.refresh_token).expect(200)
    await refresh(server, clients.site, one.refresh_token).expect(400)
    const again = await pairByCode(server, clients.site, cookie)
    await refresh(server, clients.site, again.refresh_token).expect(200)
  })
})

describe('an expired SSO session', () => {
  it('begins again once for two concurrent sites: a sign-out ends the tokens of both', async () => {
    const { user, cookie } = await atTwoSites()
    await letExpire(user.id)
    const again = await Promise.all([
      pairByCode(server, clients.site, cookie),
      pairByCode(server, clients.app, cookie),
    ])
    await request(server.app).post('/logout').set('Cookie', cookie).expect(200)
    await expectEnded(again)
  })

  it('(R54) does not revive earlier tokens when it begins again', async () => {
    const { user, cookie, one } = await atTwoSites()
    const { verifier, challenge } = pkce()
    const code = await codeFor(server, { client: clients.site, cookie, challenge })
    await letExpire(user.id)
    const { refresh_token } = await pairByCode(server, clients.site, cookie)
    await refresh(server, clients.site, refresh_token).expect(200)
    await refresh(server, clients.site, one.refresh_token).expect(400)
    expect(await verify(server, clients.api, one.access_token)).toMatchObject({ reason: 'expired' })
    await exchange(server, clients.site, { code, verifier }).expect(400)
  })

  it('gives a session full-length tokens when it begins again', async () => {
    const { user, cookie } = await atTwoSites()
    const post = (path: string, cookie: string) =>
      request(server.app).post(path).set('Cookie', cookie)
    const { audience } = clients.api
    await post('/tokens', cookie).send({ audience }).expect(200)
    await letExpire(user.id)
    const renewed = await post('/reauthenticate', cookie).send({ password }).expect(200)
    const { body } = await post('/tokens', cookieOf(renewed)).send({ audience }).expect(200)
    expect(body.expires_in).toBe(300)
    expect(await verify(server, clients.api, body.access_token)).toMatchObject({ active: true })
  })

  /** Lets the user's SSO sessions expire although the password was entered recently. */
  async function letExpire(userId: string): Promise<void> {
    const expiresAt = new Date(Date.now() - 1000)
    await server.signIns.updateMany({ userId }, { expiresAt })
    await server.families.updateMany({ userId }, { expiresAt })
  }
})

describe('an expired SSO session whose password is old', () => {
  let brief: TestServer
  beforeAll(async () => {
    brief = await startTestApp({ REFRESH_DAYS: '0.00002' })
  })
  afterAll(() => brief.close())

  it('asks for the password again and then begins again', async () => {
    const { site } = await addTestClients(brief)
    const { username } = await brief.addUser()
    const cookie = await signedIn(brief, username)
    const first = await pairByCode(brief, site, cookie)
    await new Promise((resolve) => setTimeout(resolve, 1800))
    await refresh(brief, site, first.refresh_token).expect(400)
    const path = authorizePath(site, pkce().challenge)
    const asked = await request(brief.app).get(path).set('Cookie', cookie).expect(303)
    expect(asked.headers.location).toMatch(/^\/reauthenticate\?returnTo=/)
    const renewed = await request(brief.app)
      .post('/reauthenticate')
      .set('Cookie', cookie)
      .send({ password })
      .expect(200)
    const newCookie = String(renewed.headers['set-cookie']).split(';')[0] ?? ''
    const again = await pairByCode(brief, site, newCookie)
    await refresh(brief, site, again.refresh_token).expect(200)
  })
})

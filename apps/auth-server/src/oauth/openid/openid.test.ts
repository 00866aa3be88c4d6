import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose'
import request from 'supertest'
import { ageSignIn } from '../../../testing/age-sign-in.fixture.ts'
import { cookieOf, password, startTestApp } from '../../../testing/auth-server.fixture.ts'
import { signedIn } from '../../../testing/signed-in.fixture.ts'
import {
  addTestClient,
  authorizePath,
  callback,
  pairByCode,
  pkce,
  redirectOf,
  refresh,
  type TestClient,
  type TestServer,
} from '../../../testing/token-clients.fixture.ts'

let server: TestServer
let site: TestClient
const scope = 'openid profile email offline_access'

beforeAll(async () => {
  server = await startTestApp()
  const scopes = scope.split(' ')
  site = await addTestClient(server, { kind: 'site', redirectUris: [callback], scopes })
})
afterAll(() => server.close())

async function visitor() {
  const { username, id } = await server.addUser()
  return { id, username, cookie: await signedIn(server, username) }
}

/** The address that an authorization request redirects to. */
const ask = (client: TestClient, { cookie = '', ...more }: Record<string, string> = {}) =>
  redirectOf(server, { client, cookie, more })

/** The tokens for an authorization request with these parameters. */
const tokensFor = (client: TestClient, cookie: string, more: Record<string, string> = {}) =>
  pairByCode(server, client, cookie, { scope, ...more })

async function readIdToken(token: string, client = site) {
  const { body } = await request(server.app).get('/.well-known/jwks.json').expect(200)
  const options = { issuer: 'http://127.0.0.1', audience: client.id, typ: 'JWT' }
  return await jwtVerify(token, createLocalJWKSet(body), options)
}

describe('an id_token (OpenID Connect Core §2)', () => {
  it('(R80) says who signed in, when and how, signed with a published RS256 key (oidcc-server)', async () => {
    const { id, username, cookie } = await visitor()
    const tokens = await tokensFor(site, cookie, { nonce: 'n-0S6' })
    const { payload, protectedHeader } = await readIdToken(tokens.id_token)
    expect(protectedHeader.alg).toBe('RS256')
    expect(payload).toMatchObject({
      sub: id,
      preferred_username: username,
      email_verified: true,
      nonce: 'n-0S6',
      acr: 'aal1',
      amr: ['pwd'],
      sid: decodeJwt(tokens.access_token).sid,
      at_hash: createHash('sha256')
        .update(tokens.access_token)
        .digest()
        .subarray(0, 16)
        .toString('base64url'),
    })
    expect(Number(payload.auth_time)).toBeGreaterThan(Date.now() / 1000 - 60)
  })

  it('is signed with the client’s algorithm, and shares the access token’s key if that matches', async () => {
    const own = { kind: 'site', redirectUris: [callback], scopes: ['openid'] }
    const client = await addTestClient(server, { ...own, idTokenAlg: 'ES256' })
    const { cookie } = await visitor()
    const tokens = await tokensFor(client, cookie, { scope: 'openid' })
    const { protectedHeader } = await readIdToken(tokens.id_token, client)
    expect(protectedHeader.alg).toBe('ES256')
    const stored = await server.clients.findById(client.id).lean()
    expect(stored?.keys.map(({ kid }) => kid)).toEqual([protectedHeader.kid])
  })

  it('gets one RS256 key, however many concurrent requests need the first one', async () => {
    const own = { kind: 'site', redirectUris: [callback], scopes: ['openid'] }
    const client = await addTestClient(server, own)
    const { cookie } = await visitor()
    const all = await Promise.all(
      Array.from({ length: 3 }, () => tokensFor(client, cookie, { scope: 'openid' })),
    )
    await Promise.all(all.map(({ id_token }) => readIdToken(id_token, client)))
    const stored = await server.clients.findById(client.id).lean()
    expect(stored?.keys.map(({ alg }) => alg)).toEqual(['ES256', 'RS256'])
  })

  it('also comes with a refresh, with the same auth_time and no nonce (Core §12.2)', async () => {
    const { cookie } = await visitor()
    const tokens = await tokensFor(site, cookie, { nonce: 'one' })
    const { body } = await refresh(server, site, tokens.refresh_token).expect(200)
    const [before, after] = [decodeJwt(tokens.id_token), decodeJwt(body.id_token)]
    expect(after.auth_time).toBe(before.auth_time)
    expect(after.sub).toBe(before.sub)
    expect(after).not.toHaveProperty('nonce')
  })

  it('(R55) comes with a refresh of less scope; more is refused', async () => {
    const { cookie } = await visitor()
    const { refresh_token } = await tokensFor(site, cookie, { scope: 'openid offline_access' })
    const renew = (asked: string) => refresh(server, site, refresh_token).send({ scope: asked })
    const more = await renew('openid email').expect(400)
    expect(more.body.code).toBe('invalid_scope')
    const { body } = await renew('openid').expect(200)
    expect(body).toMatchObject({ scope: 'openid', id_token: expect.any(String) })
  })

  it('needs the scope openid, and a refresh token needs offline_access', async () => {
    const { cookie } = await visitor()
    expect(await tokensFor(site, cookie, { scope: 'profile' })).not.toHaveProperty('id_token')
    const online = await tokensFor(site, cookie, { scope: 'openid' })
    expect(online).not.toHaveProperty('refresh_token')
    expect(online).toHaveProperty('id_token')
  })

  it('ignores unknown scopes (oidcc-scope-all)', async () => {
    const { cookie } = await visitor()
    const tokens = await tokensFor(site, cookie, { scope: 'openid address phone unheard-of' })
    expect(tokens.scope).toBe('openid')
  })
})

describe('/oauth/userinfo (OpenID Connect Core §5.3)', () => {
  const userinfo = (token: string) =>
    request(server.app).get('/oauth/userinfo').set('Authorization', `Bearer ${token}`)

  it('returns the claims of the scope, by GET and by POST (oidcc-userinfo-get, -post-body)', async () => {
    const { id, username, cookie } = await visitor()
    const { access_token } = await tokensFor(site, cookie)
    const claims = {
      sub: id,
      preferred_username: username,
      name: username,
      email: `${username}@example.com`,
      email_verified: true,
    }
    expect((await userinfo(access_token).expect(200)).body).toEqual(claims)
    const posted = request(server.app).post('/oauth/userinfo').type('form').send({ access_token })
    expect((await posted.expect(200)).body).toEqual(claims)
    const { access_token: less } = await tokensFor(site, cookie, { scope: 'openid' })
    expect((await userinfo(less).expect(200)).body).toEqual({ sub: id })
  })

  it('refuses a missing, forged or ended token, and one without openid', async () => {
    const { cookie } = await visitor()
    const none = await request(server.app).get('/oauth/userinfo').expect(401)
    expect(none.headers['www-authenticate']).toBe('Bearer realm="openid"')
    const forged = await userinfo('made.up.token').expect(401)
    expect(forged.headers['www-authenticate']).toMatch(/error="invalid_token"/)
    const { access_token: plain } = await tokensFor(site, cookie, { scope: 'profile' })
    expect((await userinfo(plain).expect(403)).headers['www-authenticate']).toMatch(
      /insufficient_scope/,
    )
    const { access_token } = await tokensFor(site, cookie)
    await request(server.app).post('/logout').set('Cookie', cookie).expect(200)
    await userinfo(access_token).expect(401)
    const inAddress = request(server.app).get('/oauth/userinfo').query({ access_token: plain })
    await inAddress.expect(401)
  })

  it('refuses two tokens in one request (RFC 6750 §3.1)', async () => {
    const { access_token } = await tokensFor(site, (await visitor()).cookie)
    const { access_token: another } = await tokensFor(site, (await visitor()).cookie)
    const posted = request(server.app)
      .post('/oauth/userinfo')
      .auth(access_token, { type: 'bearer' })
    const { body } = await posted.type('form').send({ access_token: another }).expect(400)
    expect(body.error).toBe('invalid_request')
    await userinfo(access_token).query({ access_token: another }).expect(400)
  })
})

describe('an authentication request (OpenID Connect Core §3.1.2.1)', () => {
  it('with prompt=none shows no page (oidcc-prompt-none-not-logged-in, -logged-in)', async () => {
    const { cookie } = await visitor()
    const out = await ask(site, { scope, prompt: 'none' })
    expect(out.searchParams.get('error')).toBe('login_required')
    const within = await ask(site, { cookie, scope, prompt: 'none' })
    expect(within.searchParams.get('code')).not.toBeNull()
    const both = await ask(site, { cookie, scope, prompt: 'none login' })
    expect(both.searchParams.get('error')).toBe('invalid_request')
  })

  it.each([
    ['prompt=login', { prompt: 'login' }],
    ['prompt=select_account', { prompt: 'select_account' }],
    ['an exceeded max_age (oidcc-max-age-1)', { max_age: '0' }],
  ])('with %s asks for the password again, once', async (_name, more) => {
    const { cookie } = await visitor()
    await ageSignIn(server, cookie, 5)
    const form = await ask(site, { cookie, scope, ...more })
    expect(form.pathname).toBe('/reauthenticate')
    const returnTo = form.searchParams.get('returnTo') ?? ''
    const resume = (own: string) => request(server.app).get(returnTo).set('Cookie', own).expect(303)
    // A return without the password leads back to the form.
    expect((await resume(cookie)).headers.location).toMatch(/^\/reauthenticate/)
    const post = request(server.app).post('/reauthenticate').set('Cookie', cookie)
    const fresh = cookieOf(await post.send({ password }).expect(200))
    expect((await resume(fresh)).headers.location).toContain('/cb?code=')
  })

  it('returns at once within max_age (oidcc-max-age-10000)', async () => {
    const { cookie } = await visitor()
    const { searchParams } = await ask(site, { cookie, scope, max_age: '10000' })
    expect(searchParams.get('code')).not.toBeNull()
  })

  it.each(['request', 'request_uri', 'registration'])(
    'with %s gets a specific error',
    async (name) => {
      const { cookie } = await visitor()
      const { searchParams } = await ask(site, { cookie, scope, [name]: 'x' })
      expect(searchParams.get('error')).toBe(`${name}_not_supported`)
    },
  )

  it('may be a POST, which redirects to the GET (oidcc-ensure-post-request-succeeds)', async () => {
    const { cookie } = await visitor()
    const [path = '', query = ''] = authorizePath(site, pkce().challenge, { scope }).split('?')
    const posted = await request(server.app)
      .post(path)
      .set({ Origin: 'https://shop.example', 'Sec-Fetch-Site': 'cross-site' })
      .type('form')
      .send(query)
      .expect(303)
    const answer = await request(server.app)
      .get(String(posted.headers.location))
      .set('Cookie', cookie)
      .expect(303)
    expect(String(answer.headers.location)).toMatch(/^https:\/\/shop\.example\/cb\?code=/)
  })

  it.each(['fragment', 'web_message', 'query.jwt'])(
    'with response_mode=%s gets an error, in the query',
    async (response_mode) => {
      const { cookie } = await visitor()
      const { searchParams } = await ask(site, { cookie, scope, response_mode })
      expect(searchParams.get('error')).toBe('invalid_request')
      expect(searchParams.get('error_description')).toContain('response_mode')
      expect(searchParams.get('code')).toBeNull()
    },
  )

  it('with response_mode=form_post gets a form that posts only to the client', async () => {
    const { cookie } = await visitor()
    const path = authorizePath(site, pkce().challenge, { scope, response_mode: 'form_post' })
    const { text, headers } = await request(server.app).get(path).set('Cookie', cookie).expect(200)
    expect(text).toContain(`action="${callback}"`)
    expect(text).toMatch(/name="code" value="\S+"/)
    expect(text).toContain('name="state" value="a state"')
    expect(headers['content-security-policy']).toContain("form-action 'self' https://shop.example")
  })
})

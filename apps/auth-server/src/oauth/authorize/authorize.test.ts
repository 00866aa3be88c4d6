import { afterAll, describe, expect, it } from '@jest/globals'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import request from 'supertest'
import { cookieOf, password } from '../../../testing/auth-server.fixture.ts'
import {
  authorizePath,
  callback,
  codeFor,
  exchange,
  pairByCode,
  pkce,
  refresh,
  startWithClients,
  verify,
} from '../../../testing/token-clients.fixture.ts'
import { signedIn } from '../../../testing/signed-in.fixture.ts'

const { server, clients } = await startWithClients()
afterAll(() => server.close())

const html = ['Accept', 'text/html'] as const

async function visitor() {
  const { username, id } = await server.addUser()
  return { id, username, cookie: await signedIn(server, username) }
}

function ask(path: string, cookie = '') {
  return request(server.app).get(path).set('Cookie', cookie)
}

function locationOf(answer: { headers: Record<string, unknown> }): URL {
  return new URL(String(answer.headers.location), 'http://here')
}

describe('GET /oauth/authorize', () => {
  it('returns a signed-in visitor at once, with code, state and iss (RFC 9207)', async () => {
    const { cookie } = await visitor()
    const answer = await ask(authorizePath(clients.site, pkce().challenge), cookie).expect(303)
    const { origin, pathname, searchParams } = locationOf(answer)
    expect(`${origin}${pathname}`).toBe(callback)
    expect(searchParams.get('code')).toMatch(/^\S{60,}$/)
    expect(searchParams.get('state')).toBe('a state')
    expect(searchParams.get('iss')).toBe('http://127.0.0.1')
  })

  it('treats an empty parameter as left out', async () => {
    const { cookie } = await visitor()
    const empty = { state: '', scope: '', resource: '' }
    const path = authorizePath(clients.site, pkce().challenge, empty)
    const { searchParams } = locationOf(await ask(path, cookie).expect(303))
    expect([...searchParams.keys()]).toEqual(['code', 'iss'])
    const none = authorizePath(clients.site, pkce().challenge, { response_type: '' })
    const refused = locationOf(await ask(none, cookie).expect(303))
    expect(refused.searchParams.get('error')).toBe('invalid_request')
  })

  it('has the visitor sign in first, and then continues', async () => {
    const { username } = await server.addUser()
    const path = authorizePath(clients.site, pkce().challenge)
    const form = locationOf(await ask(path).expect(303))
    expect(form.pathname).toBe('/login')
    const returnTo = form.searchParams.get('returnTo')
    expect(returnTo).toBe(path)
    const login = request(server.app).post('/login').type('form')
    const signIn = await login.set(...html).send({ username, password, returnTo })
    const answer = await ask(String(signIn.headers.location), cookieOf(signIn)).expect(303)
    expect(locationOf(answer).searchParams.get('code')).not.toBeNull()
  })

  it('names the site on the sign-in form, also after a wrong password', async () => {
    const { username } = await server.addUser()
    const returnTo = authorizePath(clients.app, pkce().challenge)
    const form = await request(server.app)
      .get('/login')
      .query({ returnTo })
      .set(...html)
    expect(form.text).toContain('to continue to <strong>App</strong>')
    const login = request(server.app).post('/login').type('form')
    const again = await login.set(...html).send({ username, password: 'wrong', returnTo })
    expect(again.status).toBe(401)
    expect(again.text).toContain('to continue to <strong>App</strong>')
    const elsewhere = returnTo.replace('/oauth/authorize', '/account')
    const plain = await request(server.app).get('/login').query({ returnTo: elsewhere })
    expect(plain.text).not.toContain('to continue to')
  })

  it('continues by a page after the server’s own form, whose policy forbids a redirect', async () => {
    const { cookie } = await visitor()
    const path = authorizePath(clients.site, pkce().challenge)
    const answer = await ask(path, cookie)
      .set('Sec-Fetch-Site', 'same-origin')
      .set(...html)
    expect(answer.status).toBe(200)
    expect(answer.headers.refresh).toMatch(/^0;url=https:\/\/shop\.example\/cb\?code=/)
    expect(answer.text).toContain('Continue to Shop')
  })

  it('shows an arrival page to a visitor from the site, so that the strict cookie is sent', async () => {
    const path = authorizePath(clients.site, pkce().challenge)
    const answer = await ask(path)
      .set('Sec-Fetch-Site', 'cross-site')
      .set('Sec-Fetch-Mode', 'navigate')
      .set(...html)
    expect(answer.status).toBe(200)
    expect(answer.text).toContain('http-equiv="refresh"')
  })

  it('(R39) redirects only to an exactly matching registered URI', async () => {
    const { cookie } = await visitor()
    for (const uri of [`${callback}/`, `${callback}?a=b`, 'https://shop.example.evil/cb', '']) {
      const path = authorizePath(clients.site, pkce().challenge, { redirect_uri: uri })
      const { body, headers } = await ask(path, cookie).expect(400)
      expect(body.code).toBe('unknown_redirect_uri')
      expect(headers.location).toBeUndefined()
    }
    const unknown = await ask(authorizePath({ ...clients.site, id: 'x' }, 'c'), cookie).expect(400)
    expect(unknown.body.code).toBe('unknown_client')
  })

  it.each([
    ['plain PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['no challenge', { code_challenge: '' }, 'invalid_request'],
    ['the implicit grant (R59)', { response_type: 'token' }, 'unsupported_response_type'],
    ['a scope it may not have', { scope: 'admin' }, 'invalid_scope'],
    ['a resource it may not have', { resource: 'https://x.example' }, 'invalid_target'],
  ])('reports to the site that it refuses %s', async (_name, more, error) => {
    const { cookie } = await visitor()
    const answer = await ask(authorizePath(clients.site, pkce().challenge, more), cookie)
    const { searchParams } = locationOf(answer)
    expect(searchParams.get('error')).toBe(error)
    expect(searchParams.get('state')).toBe('a state')
    expect(searchParams.get('code')).toBeNull()
  })

  it('refuses a repeated parameter', async () => {
    const { cookie } = await visitor()
    const path = `${authorizePath(clients.site, pkce().challenge)}&scope=a&scope=b`
    expect(locationOf(await ask(path, cookie)).searchParams.get('error')).toBe('invalid_request')
  })
})

describe('POST /oauth/token with a code', () => {
  it('(R48, R49) gives an RFC 9068 access token, signed with the client’s own key', async () => {
    const { cookie, id } = await visitor()
    const { access_token, refresh_token } = await pairByCode(server, clients.site, cookie)
    expect(decodeProtectedHeader(access_token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' })
    const claims = decodeJwt(access_token)
    expect(claims).toMatchObject({
      iss: 'http://127.0.0.1',
      sub: id,
      aud: clients.api.audience,
      client_id: clients.site.id,
      scope: 'orders:read orders:write',
      sid: decodeJwt(refresh_token).sid,
      jti: expect.any(String),
    })
    expect(Number(claims.exp) - Number(claims.iat)).toBe(300)
    expect(await verify(server, clients.api, access_token)).toMatchObject({ active: true, sub: id })
  })

  it('accepts a code once: a second use ends the family of the first', async () => {
    const { cookie } = await visitor()
    const { verifier, challenge } = pkce()
    const code = await codeFor(server, { client: clients.site, cookie, challenge })
    const { body } = await exchange(server, clients.site, { code, verifier }).expect(200)
    const second = await exchange(server, clients.site, { code, verifier }).expect(400)
    expect(second.body).toMatchObject({ error: 'invalid_grant' })
    await refresh(server, clients.site, body.refresh_token).expect(400)
    expect(await verify(server, clients.api, body.access_token)).toMatchObject({
      reason: 'revoked',
    })
  })

  it('gives at most one family for many concurrent requests with one code', async () => {
    const { cookie } = await visitor()
    const { verifier, challenge } = pkce()
    const code = await codeFor(server, { client: clients.site, cookie, challenge })
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => exchange(server, clients.site, { code, verifier })),
    )
    const given = answers.filter(({ status }) => status === 200)
    expect(given.length).toBeLessThanOrEqual(1)
    const [first] = given
    if (first) await refresh(server, clients.site, first.body.refresh_token).expect(400)
  })

  it('refuses a wrong verifier, client or redirect URI, and an expired code', async () => {
    const { cookie } = await visitor()
    const { verifier, challenge } = pkce()
    const code = await codeFor(server, { client: clients.site, cookie, challenge })
    for (const wrong of [pkce().verifier, 'wrong']) {
      const answer = exchange(server, clients.site, { code, verifier: wrong })
      expect((await answer.expect(400)).body.error).toBe('invalid_grant')
    }
    await exchange(server, clients.app, { code, verifier }).expect(400)
    const elsewhere = exchange(server, clients.site, { code, verifier })
    await elsewhere.send({ redirect_uri: 'https://shop.example/other' }).expect(400)
    await server.families.updateOne(
      { _id: code.split('.', 1).join() },
      { $set: { 'code.expiresAt': new Date() } },
    )
    await exchange(server, clients.site, { code, verifier }).expect(400)
  })

  it('refuses a code whose session has ended', async () => {
    const { cookie } = await visitor()
    const { verifier, challenge } = pkce()
    const code = await codeFor(server, { client: clients.site, cookie, challenge })
    await request(server.app).post('/logout').set('Cookie', cookie).expect(200)
    await exchange(server, clients.site, { code, verifier }).expect(400)
  })

  it('stores no usable code', async () => {
    const { cookie } = await visitor()
    const code = await codeFor(server, {
      client: clients.site,
      cookie,
      challenge: pkce().challenge,
    })
    const family = await server.families.findById(code.split('.')[0]).lean()
    expect(JSON.stringify(family)).not.toContain(code.split('.')[1])
  })

  it('(R59) has no password grant, and names missing parameters', async () => {
    const post = (body: object) =>
      request(server.app)
        .post('/oauth/token')
        .auth(clients.site.id, clients.site.secret)
        .type('form')
        .send(body)
    const grant = { grant_type: 'password', username: 'a', password }
    expect((await post(grant).expect(400)).body.error).toBe('unsupported_grant_type')
    const { body } = await post({ grant_type: 'authorization_code' }).expect(400)
    expect(body).toMatchObject({ error: 'invalid_request' })
    expect(body.error_description).toMatch(/code, redirect_uri/)
  })

  it('asks an unknown client for Basic credentials', async () => {
    const post = request(server.app).post('/oauth/token').auth(clients.site.id, 'wrong')
    const answer = await post.type('form').send({ grant_type: 'refresh_token', refresh_token: 'x' })
    expect(answer.status).toBe(401)
    expect(answer.headers['www-authenticate']).toMatch(/^Basic /)
    expect(answer.body).toMatchObject({ error: 'invalid_client' })
  })
})

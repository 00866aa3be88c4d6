import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { decodeJwt } from 'jose'
import request from 'supertest'
import { startTestApp } from '../../../testing/auth-server.fixture.ts'
import { signedIn } from '../../../testing/signed-in.fixture.ts'
import {
  addTestClient,
  authorizePath,
  callback,
  exchange,
  pkce,
  redirectOf,
  type TestClient,
  type TestServer,
} from '../../../testing/token-clients.fixture.ts'

let server: TestServer
const scope = 'openid profile email offline_access'

beforeAll(async () => {
  server = await startTestApp()
})
afterAll(() => server.close())

async function visitor() {
  const { username } = await server.addUser()
  return { cookie: await signedIn(server, username) }
}

/** The address that an authorization request redirects to. */
const ask = (
  client: TestClient,
  { cookie = '', challenge = pkce().challenge, ...more }: Record<string, string>,
) => redirectOf(server, { client, cookie, challenge, more })

describe('PKCE (RFC 9700 §2.1.1)', () => {
  const without = { code_challenge: '', code_challenge_method: '' }

  it('may be left out with a nonce if it is optional for the client', async () => {
    const own = { kind: 'site', redirectUris: [callback], scopes: ['openid'], pkce: 'optional' }
    const client = await addTestClient(server, { ...own, idTokenAlg: 'ES256' })
    const { cookie } = await visitor()
    const plain = await ask(client, { cookie, scope: 'openid', ...without })
    expect(plain.searchParams.get('error')).toBe('invalid_request')
    const { searchParams } = await ask(client, { cookie, scope: 'openid', nonce: 'n', ...without })
    const code = searchParams.get('code') ?? ''
    const downgraded = exchange(server, client, { code, verifier: pkce().verifier })
    expect((await downgraded.expect(400)).body.error).toBe('invalid_grant')
    await exchange(server, client, { code, verifier: '' }).expect(200)
  })

  it('(R83) is enforced whenever a challenge was sent', async () => {
    const own = { kind: 'site', redirectUris: [callback], scopes: ['openid'], pkce: 'off' }
    const client = await addTestClient(server, { ...own, idTokenAlg: 'ES256' })
    const { cookie } = await visitor()
    const { searchParams } = await ask(client, { cookie, scope: 'openid' })
    const code = searchParams.get('code') ?? ''
    await exchange(server, client, { code, verifier: '' }).expect(400)
  })
})

describe('an app without a secret (RFC 8252)', () => {
  const device = 'http://127.0.0.1/cb'
  let app: TestClient

  beforeAll(async () => {
    const redirectUris = [device, 'com.example.app:/cb', 'https://app.example/cb']
    app = await addTestClient(server, {
      kind: 'app',
      name: 'Notes',
      redirectUris,
      scopes: scope.split(' '),
    })
  })

  const tokenRequest = (fields: Record<string, string>) =>
    request(server.app)
      .post('/oauth/token')
      .type('form')
      .send({ client_id: app.id, ...fields })

  it('gets tokens with its id and PKCE', async () => {
    expect(app.secret).toBe('')
    const { cookie } = await visitor()
    const { verifier, challenge } = pkce()
    const redirect_uri = 'https://app.example/cb'
    const { searchParams } = await ask(app, { cookie, challenge, scope, redirect_uri })
    const code = { grant_type: 'authorization_code', code: searchParams.get('code') ?? '' }
    const { body } = await tokenRequest({ ...code, redirect_uri, code_verifier: verifier })
    expect(body).toHaveProperty('refresh_token')
    const next = { grant_type: 'refresh_token', refresh_token: body.refresh_token }
    await tokenRequest(next).expect(200)
  })

  it('may use any loopback port, but only after the user approves it by name', async () => {
    const { cookie } = await visitor()
    const redirect_uri = 'http://127.0.0.1:49152/cb'
    const path = authorizePath(app, pkce().challenge, { scope, redirect_uri })
    const { text } = await request(server.app).get(path).set('Cookie', cookie).expect(200)
    expect(text).toContain('Continue to Notes?')
    const fields = Object.fromEntries(new URL(path, 'http://here').searchParams)
    const decide = (decision: string) =>
      request(server.app)
        .post('/oauth/consent')
        .set('Cookie', cookie)
        .type('form')
        .send({ ...fields, decision })
    const allowed = await decide('allow').expect(200)
    expect(allowed.headers.refresh).toContain(`${redirect_uri}?code=`)
    const denied = await decide('deny').expect(200)
    expect(denied.headers.refresh).toContain('error=access_denied')
    const foreign = decide('allow').set('Origin', 'https://evil.example')
    expect((await foreign).status).toBe(403)
    const silent = await ask(app, { cookie, scope, redirect_uri, prompt: 'none' })
    expect(silent.searchParams.get('error')).toBe('consent_required')
  })

  it('(R39) may use no other path, host or scheme', async () => {
    const { cookie } = await visitor()
    for (const redirect_uri of [
      'http://127.0.0.1:49152/other',
      'http://127.0.0.1.evil.example/cb',
      'http://evil@127.0.0.1/cb',
      'com.example.app.evil:/cb',
      'https://app.example:8443/cb',
    ]) {
      const path = authorizePath(app, pkce().challenge, { scope, redirect_uri })
      // oxlint-disable-next-line no-await-in-loop -- one after another
      await request(server.app).get(path).set('Cookie', cookie).expect(400)
    }
  })
})

describe('a machine (RFC 6749 §4.4)', () => {
  it('gets its own tokens: for no user, without a refresh token', async () => {
    const audience = 'https://stock.example'
    const api = await addTestClient(server, { kind: 'resource_server', audience, scopes: ['a'] })
    const machine = await addTestClient(server, {
      kind: 'machine',
      audiences: [audience],
      scopes: ['a', 'b'],
    })
    const ask = (client: TestClient, more: Record<string, string> = {}) =>
      request(server.app)
        .post('/oauth/token')
        .auth(client.id, client.secret)
        .type('form')
        .send({ grant_type: 'client_credentials', ...more })
    const { body } = await ask(machine, { scope: 'a' }).expect(200)
    expect(Object.keys(body)).toEqual(['access_token', 'token_type', 'expires_in', 'scope'])
    expect(decodeJwt(body.access_token)).toMatchObject({
      sub: machine.id,
      aud: audience,
      scope: 'a',
    })
    const introspect = request(server.app).post('/oauth/introspect').auth(api.id, api.secret)
    const answer = await introspect.type('form').send({ token: body.access_token }).expect(200)
    expect(answer.body).toMatchObject({ active: true, sub: machine.id })
    expect((await ask(machine, { scope: 'c' }).expect(400)).body.error).toBe('invalid_scope')
    const scopes = ['openid']
    const site = await addTestClient(server, { kind: 'site', redirectUris: [callback], scopes })
    expect((await ask(site).expect(400)).body.error).toBe('unauthorized_client')
  })
})

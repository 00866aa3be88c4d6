import { afterAll, describe, expect, it } from '@jest/globals'
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'
import request from 'supertest'
import { password } from '../../../testing/auth-server.fixture.ts'
import { signedIn } from '../../../testing/signed-in.fixture.ts'
import {
  addTestClients,
  pairByPassword,
  startWithClients,
  verify,
} from '../../../testing/token-clients.fixture.ts'

const { server, clients } = await startWithClients()
afterAll(() => server.close())

describe('POST /tokens', () => {
  const tokens = (cookie: string, body: object) =>
    request(server.app).post('/tokens').set('Cookie', cookie).send(body)

  it('gives a signed-in user an access token for a resource server', async () => {
    const { username, id } = await server.addUser()
    const cookie = await signedIn(server, username)
    const { body } = await tokens(cookie, { audience: clients.api.audience }).expect(200)
    expect(body).toMatchObject({ expires_in: 300, token_type: 'Bearer' })
    expect(decodeJwt(body.access_token)).toMatchObject({ sub: id, aud: clients.api.audience })
    expect(await verify(server, clients.api, body.access_token)).toMatchObject({ active: true })
  })

  it('gives a token that ends with the session', async () => {
    const { username } = await server.addUser()
    const cookie = await signedIn(server, username)
    const { body } = await tokens(cookie, { audience: clients.api.audience }).expect(200)
    await request(server.app).post('/logout').set('Cookie', cookie).expect(200)
    expect(await verify(server, clients.api, body.access_token)).toMatchObject({
      reason: 'revoked',
    })
  })

  it('gives the current scope of the resource server', async () => {
    const { api } = await addTestClients(server)
    const { username } = await server.addUser()
    const cookie = await signedIn(server, username)
    const scopeOf = async () =>
      (await tokens(cookie, { audience: api.audience }).expect(200)).body.scope
    expect(await scopeOf()).toBe('orders:read orders:write')
    await server.clients.updateOne({ _id: api.id }, { scopes: ['orders:read'] })
    expect(await scopeOf()).toBe('orders:read')
  })

  it('(R26) gives no token to a suspended user', async () => {
    const { username, id } = await server.addUser()
    const cookie = await signedIn(server, username)
    await server.users.updateOne({ _id: id }, { suspendedAt: new Date() })
    await tokens(cookie, { audience: clients.api.audience }).expect(403)
  })

  it('needs a session and a registered audience', async () => {
    const { username } = await server.addUser()
    const cookie = await signedIn(server, username)
    await tokens('', { audience: clients.api.audience }).expect(401)
    const { body } = await tokens(cookie, { audience: 'https://nobody.example' }).expect(400)
    expect(body.errors).toEqual([{ field: 'audience', message: expect.any(String) }])
  })
})

describe('POST /login with a client', () => {
  const login = (body: object) => request(server.app).post('/login').send(body)

  it('gives a pair and no cookie', async () => {
    const { username } = await server.addUser()
    const { id: client_id, secret: client_secret } = clients.app
    const answer = await login({ username, password, client_id, client_secret }).expect(200)
    expect(answer.body).toMatchObject({ token_type: 'Bearer', expires_in: 300 })
    expect(answer.headers['set-cookie']).toBeUndefined()
  })

  it('ignores the session of another user', async () => {
    const { username } = await server.addUser()
    const { username: other, id } = await server.addUser()
    const cookie = await signedIn(server, username)
    const { id: client_id, secret: client_secret } = clients.app
    const { body } = await login({ username: other, password, client_id, client_secret })
      .set('Cookie', cookie)
      .expect(200)
    expect(decodeJwt(body.access_token).sub).toBe(id)
  })

  it('ignores Origin', async () => {
    const { username } = await server.addUser()
    const { id: client_id, secret: client_secret } = clients.app
    await login({ username, password, client_id, client_secret })
      .set('Origin', 'https://app.example')
      .expect(200)
  })

  it('(R59) is only for first-party clients', async () => {
    const { username } = await server.addUser()
    for (const client of [clients.site, clients.api, { id: 'x', secret: 'x' }]) {
      const { id: client_id, secret: client_secret } = client
      // oxlint-disable-next-line no-await-in-loop
      const { body } = await login({ username, password, client_id, client_secret }).expect(401)
      expect(body.code).toBe('invalid_client')
    }
  })

  it('(R10) counts wrong passwords against the account', async () => {
    const { username } = await server.addUser()
    const { id: client_id, secret: client_secret } = clients.app
    const wrong = { username, password: 'wrong', client_id, client_secret }
    const first = await login(wrong).expect(401)
    expect(first.body.code).toBe('invalid_credentials')
    // oxlint-disable-next-line no-await-in-loop
    for (let tries = 1; tries < 10; tries += 1) await login(wrong).expect(401)
    await login(wrong).expect(429)
  })
})

describe('GET /.well-known/jwks.json', () => {
  it('(R51) holds everything a library needs to verify a token, and nothing private', async () => {
    const { body } = await request(server.app).get('/.well-known/jwks.json').expect(200)
    expect(body.keys.length).toBeGreaterThanOrEqual(3)
    for (const key of body.keys) {
      expect(key).toMatchObject({ use: 'sig', alg: 'ES256', kid: expect.any(String) })
      expect(Object.keys(key)).not.toEqual(expect.arrayContaining(['d']))
    }
  })

  it('lets jose alone verify a token', async () => {
    const listening = server.app.listen(0)
    const address = listening.address()
    const port = typeof address === 'object' ? address?.port : 0
    const { username } = await server.addUser()
    const { access_token } = await pairByPassword(server, clients.app, username)
    const jwks = createRemoteJWKSet(new URL(`http://127.0.0.1:${port}/.well-known/jwks.json`))
    const { payload } = await jwtVerify(access_token, jwks, {
      issuer: 'http://127.0.0.1',
      audience: clients.api.audience,
      typ: 'at+jwt',
      algorithms: ['ES256'],
    })
    expect(payload.client_id).toBe(clients.app.id)
    await new Promise((resolve) => listening.close(resolve))
  })
})

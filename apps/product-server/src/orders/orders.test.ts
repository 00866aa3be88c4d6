import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { makeKey, startIssuer } from '../../../../tools/testing/token-issuer.ts'
import { startTestApp } from '../product-server.fixture.ts'

let issuer: Awaited<ReturnType<typeof startIssuer>>
let server: Awaited<ReturnType<typeof startTestApp>>

beforeAll(async () => {
  issuer = await startIssuer([await makeKey('EdDSA', 'first')])
  server = await startTestApp({ AUTH_URL: issuer.issuer, LIMIT_API_PER_TOKEN: '5' })
})
afterAll(() => Promise.all([server.close(), issuer.stop()]))

/** A valid token for this server. `sub` is the user. */
function sign(claims: Record<string, unknown> = {}): Promise<string> {
  return issuer.sign({ claims: { aud: 'http://127.0.0.1', ...claims } })
}

function ask(token?: string) {
  const asked = request(server.app).get('/api/orders')
  return token === undefined ? asked : asked.set('Authorization', `Bearer ${token}`)
}

async function order(cookie: string, ...items: string[]) {
  const post = (path: string) => request(server.app).post(path).set('Cookie', cookie)
  for (const item of items) await post('/cart').send({ item }).expect(200)
  return post('/orders')
}

describe('POST /orders', () => {
  it('turns the cart into an order and empties it', async () => {
    const { cookie } = await server.signIn()
    const { status, body } = await order(cookie, 'Block plane', 'Try square')
    expect(status).toBe(201)
    expect(body).toEqual({
      id: expect.any(String),
      placedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      items: ['Block plane', 'Try square'],
    })
    expect((await request(server.app).get('/cart').set('Cookie', cookie)).body).toEqual({
      items: [],
    })
    expect((await order(cookie)).body.code).toBe('cart_empty')
  })

  it('accepts the form of the dashboard and redirects there', async () => {
    const { cookie } = await server.signIn()
    await request(server.app).post('/cart').set('Cookie', cookie).send({ item: 'Block plane' })
    const form = request(server.app).post('/orders').set('Cookie', cookie).type('form')
    const answer = await form.set('Accept', 'text/html').send('').expect(303)
    expect(answer.headers.location).toBe('/dashboard')
  })

  it('requires a session and does not accept a token', async () => {
    const asked = request(server.app)
      .post('/orders')
      .set('Authorization', `Bearer ${await sign()}`)
    expect((await asked.expect(401)).body.code).toBe('not_signed_in')
  })
})

describe('GET /api/orders', () => {
  it("lists only the orders of the token's user, newest first", async () => {
    const { cookie, user } = await server.signIn()
    await order(cookie, 'Block plane')
    await order(cookie, 'Try square')
    const { body } = await ask(await sign({ sub: user.id })).expect(200)
    expect(body.orders).toMatchObject([{ items: ['Try square'] }, { items: ['Block plane'] }])
    expect((await ask(await sign({ sub: 'somebody-else' })).expect(200)).body).toEqual({
      orders: [],
    })
  })

  it('answers 401 with a challenge without a token and with an invalid one (R56)', async () => {
    const none = await ask().expect(401)
    expect(none.headers['www-authenticate']).toBe(
      'Bearer realm="http://127.0.0.1", scope="orders:read"',
    )
    expect(none.headers['content-type']).toContain('application/problem+json')
    const bad = await ask(await sign({ aud: 'https://other.example' })).expect(401)
    expect(bad.body.code).toBe('invalid_token')
    expect(bad.headers['www-authenticate']).toContain('error="invalid_token"')
  })

  it('answers 401 to a session alone, which a page on another site could send', async () => {
    const { cookie } = await server.signIn()
    await ask().set('Cookie', cookie).expect(401)
  })

  it('answers 403 without the scope orders:read (R56)', async () => {
    const answer = await ask(await sign({ scope: 'profile' })).expect(403)
    expect(answer.body.code).toBe('insufficient_scope')
    expect(answer.headers['www-authenticate']).toContain('error="insufficient_scope"')
  })

  it('answers 429 when one token makes too many requests', async () => {
    const token = await sign()
    for (let more = 0; more < 5; more += 1) await ask(token).expect(200)
    const { headers, body } = await ask(token).expect(429)
    expect(body.code).toBe('too_many_requests')
    expect(Number(headers['retry-after'])).toBeGreaterThan(0)
  })

  it('answers 503 while the auth server is down and its keys are unknown (R62)', async () => {
    const alone = await startTestApp({ AUTH_URL: 'http://127.0.0.1:1' })
    const asked = request(alone.app).get('/api/orders')
    const token = await sign({ iss: 'http://127.0.0.1:1' })
    const { headers, body } = await asked.set('Authorization', `Bearer ${token}`).expect(503)
    expect(body.code).toBe('tokens_unavailable')
    expect(headers['retry-after']).toBe('1')
    await alone.close()
  })
})

describe('the token settings', () => {
  it('default to AUTH_URL and PUBLIC_URL', async () => {
    const own = await startTestApp({ AUTH_URL: 'https://login.example/auth/' })
    expect(own.config).toMatchObject({
      tokenIssuer: 'https://login.example/auth',
      tokenJwksUrl: 'https://login.example/auth/.well-known/jwks.json',
      tokenAudience: 'http://127.0.0.1',
    })
    await own.close()
  })

  it('may name another issuer, another address for its keys, and another audience', async () => {
    const settings = {
      TOKEN_ISSUER: 'https://login.example',
      TOKEN_JWKS_URL: issuer.jwksUrl,
      TOKEN_AUDIENCE: 'shop',
    }
    const own = await startTestApp(settings)
    const token = await sign({ iss: 'https://login.example', aud: 'shop' })
    const asked = request(own.app).get('/api/orders').set('Authorization', `Bearer ${token}`)
    await asked.expect(200)
    await own.close()
  })
})

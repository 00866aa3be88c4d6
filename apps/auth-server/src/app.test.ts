import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { cookieOf, password, startTestApp } from '../testing/auth-server.fixture.ts'
import { userSignedIn } from '../testing/signed-in.fixture.ts'

let server: Awaited<ReturnType<typeof startTestApp>>
let secure: Awaited<ReturnType<typeof startTestApp>>

beforeAll(async () => {
  server = await startTestApp({ CORS_ORIGINS: 'https://app.example' })
  secure = await startTestApp({ PUBLIC_URL: 'https://login.example' })
})
afterAll(async () => {
  await server.close()
  await secure.close()
})

const html = 'text/html,application/xhtml+xml,*/*;q=0.8'

describe('response headers', () => {
  it('R35 demand https for a year over https, subdomains included', async () => {
    const { headers } = await request(secure.app).get('/login')
    expect(headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains')
    const plain = await request(server.app).get('/login')
    expect(plain.headers['strict-transport-security']).toBeUndefined()
  })

  it('R36 allow only the server’s own files, and no framing', async () => {
    const { headers } = await request(server.app).get('/login').set('Accept', html)
    const policy = headers['content-security-policy']
    for (const part of ["default-src 'none'", "object-src 'none'", "base-uri 'none'"]) {
      expect(policy).toContain(part)
    }
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
  })

  it('R36 are also set outside BASE_PATH and on the routes for operators', async () => {
    const below = await startTestApp({ BASE_PATH: '/auth/' })
    for (const path of ['/', '/auth/healthz', '/auth/readyz']) {
      const { headers } = await request(below.app).get(path).set('Accept', html)
      expect(headers['content-security-policy']).toContain("default-src 'none'")
      expect(headers['x-content-type-options']).toBe('nosniff')
    }
    await below.close()
  })

  it('R37 R31 forbid sniffing and caching, and send other sites no referrer', async () => {
    for (const path of ['/login', '/session', '/account', '/no-such-page']) {
      const { headers } = await request(server.app).get(path).set('Accept', html)
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['referrer-policy']).toBe('same-origin')
      expect(headers['cache-control']).toBe('no-store')
      expect(headers['x-powered-by']).toBeUndefined()
    }
  })
})

describe('R29 the session cookie', () => {
  const flags = ['Path=/', 'HttpOnly', 'SameSite=Strict']

  it('is __Host- and Secure over https, also if a proxy terminates it', async () => {
    const { username } = await secure.addUser()
    const answer = await request(secure.app).post('/login').send({ username, password }).expect(200)
    const cookie = String(answer.headers['set-cookie'])
    expect(cookie).toMatch(/^__Host-session=s%3A/)
    for (const flag of [...flags, 'Secure']) expect(cookie).toContain(flag)
    expect(cookie).not.toContain('Domain')
    const session = request(secure.app).get('/session').set('Cookie', cookieOf(answer))
    await session.expect(200)
  })

  it('is __Secure- with a shared domain, and plain on http in development', async () => {
    const shared = await startTestApp({
      PUBLIC_URL: 'https://login.shop.example',
      COOKIE_DOMAIN: 'shop.example',
    })
    const { username } = await shared.addUser()
    const answer = await request(shared.app).post('/login').send({ username, password })
    const cookie = String(answer.headers['set-cookie'])
    expect(cookie).toMatch(/^__Secure-session=.*Domain=shop.example/)
    await shared.close()
    expect((await userSignedIn(server)).cookie).toMatch(/^session=/)
  })
})

describe('R32 unsafe requests', () => {
  const signIn = (headers: Record<string, string>) =>
    request(server.app).post('/login').set(headers).send({ username: 'nobody', password: 'x' })

  it.each([
    ['a foreign origin', { Origin: 'https://evil.example' }],
    [
      'a foreign origin that claims same-origin',
      { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'same-origin' },
    ],
    ['a bare null origin', { Origin: 'null' }],
    ['a foreign origin that Host repeats', { Origin: 'http://evil.example', Host: 'evil.example' }],
    ['a null origin of a sister domain', { Origin: 'null', 'Sec-Fetch-Site': 'same-site' }],
    ['a cross-site fetch', { 'Sec-Fetch-Site': 'cross-site' }],
    [
      'a listed origin from another site',
      { Origin: 'https://app.example', 'Sec-Fetch-Site': 'cross-site' },
    ],
  ])('are refused from %s', async (_who, headers) => {
    for (const path of ['/login', '/logout', '/reauthenticate']) {
      const answer = await request(server.app).post(path).set(headers).send({})
      expect([answer.status, answer.body.code]).toEqual([403, 'foreign_origin'])
    }
  })

  it.each([
    ['neither header: curl, a server', {}],
    ['the own origin', { Origin: 'http://127.0.0.1', 'Sec-Fetch-Site': 'same-origin' }],
    ['the form of a no-referrer page', { Origin: 'null', 'Sec-Fetch-Site': 'same-origin' }],
    ['a listed origin', { Origin: 'https://app.example', 'Sec-Fetch-Site': 'same-site' }],
  ])('pass with %s', async (_who, headers) => {
    await signIn(headers).expect(401)
  })
})

describe('R32 requests authorized by a token in the body', () => {
  it.each(['/signup', '/confirm_account', '/reset_password', '/not_me'])(
    'to %s pass with a null origin, but not with a foreign one',
    async (path) => {
      const body = { token: 'x', invite: 'x', password: 'x' }
      const own = await request(server.app).post(path).set('Origin', 'null').send(body)
      expect(own.body.code).not.toBe('foreign_origin')
      const foreign = { Origin: 'https://evil.example' }
      await request(server.app).post(path).set(foreign).send(body).expect(403)
    },
  )
})

describe('R33 bodies', () => {
  it.each([
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/xml',
    'application/x-msgpack',
  ])('of type %s are refused', async (type) => {
    const body = '{"username":"demo","password":"x"}'
    const answer = await request(server.app).post('/login').set('Content-Type', type).send(body)
    expect([answer.status, answer.body.code]).toEqual([415, 'unsupported_media_type'])
  })
})

describe('R38 other origins', () => {
  it('may read answers if they are listed exactly', async () => {
    const answer = await request(server.app).get('/session').set('Origin', 'https://app.example')
    expect(answer.headers['access-control-allow-origin']).toBe('https://app.example')
    expect(answer.headers['access-control-allow-credentials']).toBe('true')
    expect(answer.headers['access-control-expose-headers']).toBe('Retry-After,WWW-Authenticate')
    // RFC 9110 §11.6.1: no 401 without a challenge.
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, 'Session'])
  })

  it.each([
    'https://evil.example',
    'https://app.example.evil.example',
    'http://app.example',
    'null',
  ])('may not read answers as %s', async (origin) => {
    const answer = await request(server.app).get('/session').set('Origin', origin)
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
  })
})

describe('R34 GET and HEAD', () => {
  it('change nothing on any route', async () => {
    const { cookie } = await userSignedIn(server)
    const sessions = async () => (await server.redis.keys(`${server.keyPrefix}sess:*`)).length
    const before = await sessions()
    for (const path of ['/login', '/logout', '/reauthenticate', '/account', '/session', '/']) {
      await request(server.app).get(path).set('Cookie', cookie)
      await request(server.app).head(path).set('Cookie', cookie)
    }
    expect(await sessions()).toBe(before)
    await request(server.app).get('/session').set('Cookie', cookie).expect(200)
  })
})

describe('R30 URLs', () => {
  it('never hold a session id, and none is accepted there', async () => {
    const { username } = await server.addUser()
    const form = request(server.app).post('/login').set('Accept', html).type('form')
    const answer = await form.send({ username, password }).expect(303)
    expect(answer.headers.location).toBe('/account')
    const id = /s%3A([^.]+)\./.exec(cookieOf(answer))?.[1] ?? ''
    expect(id).not.toBe('')
    await request(server.app)
      .get(`/session?session=${cookieOf(answer).slice(8)}`)
      .expect(401)
  })
})

describe('errors', () => {
  it('are problem details for programs', async () => {
    const answer = await request(server.app).get('/no-such-page').expect(404)
    expect(answer.type).toBe('application/problem+json')
    expect(answer.body).toMatchObject({ type: 'about:blank', status: 404, code: 'not_found' })
  })

  it('are a page with status and message for browsers, without internals', async () => {
    const missing = await request(server.app).get('/no-such-page').set('Accept', html).expect(404)
    expect(missing.text).toContain('404')
    const large = { username: 'x'.repeat(20_000), password: 'x' }
    const tooLarge = await request(server.app).post('/login').set('Accept', html).send(large)
    expect(tooLarge.status).toBe(413)
    expect(tooLarge.text).toContain('413')
    for (const { text } of [missing, tooLarge])
      expect(text).not.toMatch(/node_modules|\.ts:\d|at \w+ \(/)
  })

  it('name a body that cannot be parsed', async () => {
    const broken = request(server.app).post('/login').set('Content-Type', 'application/json')
    const answer = await broken.send('{"username":').expect(400)
    expect(answer.body.code).toBe('malformed_body')
  })
})

describe('GET /session', () => {
  it('says who is signed in and until when', async () => {
    const { cookie } = await userSignedIn(server)
    const { body } = await request(server.app).get('/session').set('Cookie', cookie).expect(200)
    const days = (Date.parse(body.expiresAt) - Date.now()) / 86_400_000
    expect(days).toBeGreaterThan(13.9)
    expect(days).toBeLessThanOrEqual(14)
  })

  it('is 401 for anyone else', async () => {
    const { body } = await request(server.app).get('/session').expect(401)
    expect(body.code).toBe('not_signed_in')
  })
})

describe('R65 routes for operators', () => {
  it('tell the public only that the process is alive', async () => {
    const viaProxy = { 'X-Forwarded-For': '203.0.113.7' }
    const { body } = await request(server.app).get('/healthz').set(viaProxy).expect(200)
    expect(body).toEqual({ status: 'ok' })
    await request(server.app).get('/readyz').set(viaProxy).expect(404)
    await request(server.app).get('/metrics').set(viaProxy).expect(404)
    await request(server.app).get('/metrics').expect(200)
  })
})

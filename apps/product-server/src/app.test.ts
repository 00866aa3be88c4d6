import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { startTestApp } from './product-server.fixture.ts'

let server: Awaited<ReturnType<typeof startTestApp>>

beforeAll(async () => {
  server = await startTestApp()
})
afterAll(() => server.close())

const html = 'text/html,application/xhtml+xml,*/*;q=0.8'

function get(path: string, cookie = '') {
  return request(server.app).get(path).set('Cookie', cookie)
}

describe('GET /', () => {
  it('is public', async () => {
    const { text } = await get('/').set('Accept', html).expect(200)
    expect(text).toContain('Add to cart')
  })

  it('works while Redis is down, even for a user with a session', async () => {
    const { cookie } = await server.signIn()
    const alone = await startTestApp({ REDIS_URL: 'redis://127.0.0.1:1' })
    await request(alone.app).get('/').set('Cookie', cookie).expect(200)
    await alone.close()
  })
})

describe('GET /doctor', () => {
  it('lists the settings that must match the auth server', async () => {
    const { body } = await get('/doctor?nonce=chosen-by-the-caller').expect(200)
    expect(body).toMatchObject({
      cookie: { name: 'session' },
      host: '127.0.0.1',
      trustProxy: false,
    })
    expect(body.secrets).toHaveLength(1)
  })
})

describe('GET /me', () => {
  it('returns the signed-in user from the session alone', async () => {
    const { cookie, user } = await server.signIn({ username: 'ada' })
    const { body } = await get('/me', cookie).expect(200)
    expect(body).toEqual({ user })
  })

  it('answers 401 without a session and after a sign-out', async () => {
    const { cookie, signOut } = await server.signIn()
    expect((await get('/me').expect(401)).body.code).toBe('not_signed_in')
    await signOut()
    await get('/me', cookie).expect(401)
  })

  it('R62 answers 503 while Redis is down, not 401', async () => {
    const secrets = 'a-secret-for-this-test-that-is-long-enough'
    const alone = await startTestApp({ REDIS_URL: 'redis://127.0.0.1:1', SESSION_SECRETS: secrets })
    const { cookie } = await alone.signIn()
    const answer = await request(alone.app).get('/me').set('Cookie', cookie).expect(503)
    expect(answer.headers['retry-after']).toBe('1')
    await alone.close()
  })
})

describe('GET /dashboard', () => {
  it('greets the user by name', async () => {
    const { cookie } = await server.signIn({ username: '<b>ada</b>' })
    const { text } = await get('/dashboard', cookie).set('Accept', html).expect(200)
    expect(text).toContain('Good to see you, &lt;b&gt;ada&lt;/b&gt;')
  })

  it('sends a browser to the sign-in page of the auth server, with returnTo', async () => {
    const { headers } = await get('/dashboard?a=1').set('Accept', html).expect(303)
    const returnTo = encodeURIComponent('http://127.0.0.1/dashboard?a=1')
    expect(headers.location).toBe(`http://login.example/auth/login?returnTo=${returnTo}`)
  })
})

describe('GET /admin-only', () => {
  it('is for admins', async () => {
    const admin = await server.signIn({ roles: ['admin'] })
    const other = await server.signIn({ roles: ['editor'] })
    await get('/admin-only', admin.cookie).expect(200)
    expect((await get('/admin-only', other.cookie).expect(403)).body.code).toBe('forbidden')
    await get('/admin-only').expect(401)
    const page = await get('/admin-only', other.cookie).set('Accept', html).expect(403)
    expect(page.text).toContain('403')
  })
})

describe('a method that an address does not have', () => {
  it.each([
    ['/', 'GET, HEAD, OPTIONS'],
    ['/cart', 'GET, HEAD, OPTIONS, POST'],
    ['/orders', 'OPTIONS, POST'],
    ['/api/orders', 'GET, HEAD, OPTIONS'],
  ])('is 405 with Allow at %s', async (path, allow) => {
    const answer = await request(server.app).delete(path).expect(405)
    expect(answer.headers.allow).toBe(allow)
    await request(server.app).options(path).expect(204).expect('Allow', allow)
  })
})

describe('POST /cart', () => {
  it('keeps the cart in the session, even for a visitor', async () => {
    const first = await request(server.app).post('/cart').send({ item: 'Block plane' }).expect(200)
    expect(first.body).toEqual({ items: ['Block plane'] })
    const cookie = String(first.headers['set-cookie']).split(';')[0] ?? ''
    await request(server.app).post('/cart').set('Cookie', cookie).send({ item: 'Try square' })
    expect((await get('/cart', cookie)).body).toEqual({ items: ['Block plane', 'Try square'] })
    expect((await get('/cart')).body).toEqual({ items: [] })
  })

  it('accepts the form of the home page', async () => {
    const form = request(server.app).post('/cart').set('Accept', html).type('form')
    const { headers } = await form.send({ item: 'Dovetail saw' }).expect(303)
    expect(headers.location).toBe('/')
  })

  it.each([[{}], [{ item: '' }], [{ item: { $ne: null } }], [{ item: ['a'] }]])(
    'R41 refuses %j and names the field',
    async (body) => {
      const answer = await request(server.app).post('/cart').send(body).expect(400)
      expect(answer.body.errors).toEqual([expect.objectContaining({ field: 'item' })])
    },
  )

  it('R32 refuses a post from another site', async () => {
    const foreign = request(server.app).post('/cart').set('Origin', 'https://evil.example')
    await foreign.send({ item: 'Block plane' }).expect(403)
  })

  it('answers 409 once the cart holds 100 items', async () => {
    const { cookie } = await server.signIn()
    const add = () => request(server.app).post('/cart').set('Cookie', cookie).send({ item: 'x' })
    for (let item = 0; item < 100; item += 1) await add().expect(200)
    expect((await add().expect(409)).body.code).toBe('cart_full')
  })
})

describe('the running server', () => {
  it('loads no module of MongoDB or of the auth server', () => {
    const app = new URL('app.ts', import.meta.url)
    const code = `
      import { registerHooks } from 'node:module'
      const seen = []
      registerHooks({ load(url, context, next) { seen.push(url); return next(url, context) } })
      await import(${JSON.stringify(app.href)})
      process.stdout.write(JSON.stringify(seen))`
    const output = execFileSync(
      process.execPath,
      ['-C', 'source', '--input-type=module', '--eval', code],
      { encoding: 'utf8', cwd: fileURLToPath(new URL('..', import.meta.url)) },
    )
    const modules: string[] = JSON.parse(output)
    expect(modules.some((url) => url.includes('/ioredis/'))).toBe(true)
    expect(modules.filter((url) => /mongo|apps\/auth-server/.test(url))).toEqual([])
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import express, { type ErrorRequestHandler, type Express } from 'express'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { testRedis } from '../../../tools/testing/test-services.ts'
import type { AuthKit } from './auth-kit.ts'
import { hasRole, loggedIn, signedInWith, signedInWithin } from './logged-in.ts'
import { ADA, SECRETS, startTestApp, type TestAppOptions } from './test-app.fixture.ts'
import { signInForTest } from './testing.ts'

const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }
const FROM_ELSEWHERE = {
  ...BROWSER,
  'sec-fetch-site': 'cross-site',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
}

let services: Awaited<ReturnType<typeof testRedis>>
let app: Awaited<ReturnType<typeof startTestApp>>

const routes = (app: Express, auth: AuthKit) => {
  app.get('/admin', auth.hasRole('admin'), (_req, res) => void res.json({ ok: true }))
  app.get('/payout', auth.signedInWithin(15), (_req, res) => void res.json({ ok: true }))
  app.post('/payout', auth.loggedIn(), (_req, res) => void res.json({ ok: true }))
  app.use('/area', auth.loggedIn(), (_req, res) => void res.json({ ok: true }))
  app.use(auth.loggedIn(), (_req, res) => void res.json({ ok: true }))
}
const startApp = (options: Partial<TestAppOptions> = {}) =>
  startTestApp({ ...services, publicUrl: 'http://shop.example', routes, ...options })

beforeAll(async () => {
  services = await testRedis()
  app = await startApp()
})
afterAll(async () => {
  await app.close()
  await services.close()
})

/** A user with these roles who signed in `minutesAgo`. */
async function signedIn({ roles = ['customer'], minutesAgo = 0 } = {}) {
  const { redis, prefix } = services
  const { cookie } = await signInForTest({ redis, prefix, secrets: SECRETS, user: { roles } })
  const id = /s%3A([^.]+)\./.exec(cookie)?.[1] ?? ''
  const session = JSON.parse((await redis.get(`${prefix}${id}`)) ?? '')
  session.authKit.signIn.at -= minutesAgo * 60_000
  await redis.set(`${prefix}${id}`, JSON.stringify(session), 'KEEPTTL')
  return { cookie }
}

describe('loggedIn()', () => {
  it('lets a signed-in user pass', async () => {
    const answer = await app.send('GET', '/me', { cookie: await app.signIn() })
    expect(answer).toMatchObject({ status: 200 })
    expect(JSON.parse(answer.text)).toEqual({ user: ADA })
  })

  it.each([{}, { accept: '*/*' }, { accept: 'application/json' }])(
    'answers 401 problem+json to a program that sends %j',
    async (headers: Record<string, string>) => {
      const answer = await app.send('GET', '/me', headers)
      expect(answer.status).toBe(401)
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
      expect(answer.headers['cache-control']).toBe('no-store')
      // RFC 9110 §11.6.1: no 401 without a challenge.
      expect(answer.headers['www-authenticate']).toBe('Session')
      expect(JSON.parse(answer.text)).toEqual({
        type: 'about:blank',
        title: 'Unauthorized',
        status: 401,
        code: 'not_signed_in',
        detail: 'Please sign in.',
      })
    },
  )

  it('sends a browser to the sign-in page with returnTo', async () => {
    const answer = await app.send('GET', '/me?tab=1&q=a%20b', BROWSER)
    expect(answer).toMatchObject({ status: 303, headers: { 'cache-control': 'no-store' } })
    expect(answer.headers.location).toBe('/login?returnTo=%2Fme%3Ftab%3D1%26q%3Da%2520b')
  })

  it('makes returnTo absolute if the auth server has another origin', async () => {
    const other = await startApp({ authUrl: 'https://id.example/auth' })
    const { headers } = await other.send('GET', '/me', BROWSER)
    const returnTo = encodeURIComponent('http://shop.example/me')
    expect(headers.location).toBe(`https://id.example/auth/login?returnTo=${returnTo}`)
    await other.close()
  })

  it('takes the origin of returnTo from the request without publicUrl', async () => {
    const other = await startApp({ authUrl: 'https://id.example/', publicUrl: undefined })
    const { headers } = await other.send('GET', '/me', { ...BROWSER, host: 'shop.test:8080' })
    const returnTo = encodeURIComponent('http://shop.test:8080/me')
    expect(headers.location).toBe(`https://id.example/login?returnTo=${returnTo}`)
    await other.close()
  })

  it('puts the full path into returnTo inside a nested router', async () => {
    const { headers } = await app.send('GET', '/area/deep?x=1', BROWSER)
    expect(headers.location).toBe('/login?returnTo=%2Farea%2Fdeep%3Fx%3D1')
  })

  it('gives no returnTo for a POST', async () => {
    const answer = await app.send('POST', '/payout', BROWSER)
    expect(answer).toMatchObject({ status: 303, headers: { location: '/login' } })
  })

  it.each(['//evil.example', '/\\evil.example', '///evil.example/x', '/\\/e'])(
    'never lets returnTo leave the site: %s (C20)',
    async (path) => {
      const { headers } = await app.send('GET', path, BROWSER)
      const returnTo = new URL(headers.location ?? '', 'http://shop.example').searchParams.get(
        'returnTo',
      )
      expect(returnTo).toMatch(/^\/[^/\\]/)
      const page = await app.send('GET', path, FROM_ELSEWHERE)
      expect(page.text).toMatch(/url=\/[^/\\]/)
    },
  )

  it.each([
    'http://evil.example/x',
    'http://evil.example',
    '/.//evil.example/x',
    '/a/..//evil.example',
  ])('never lets returnTo leave the site if the request names another: %s (C20)', async (path) => {
    for (const headers of [BROWSER, FROM_ELSEWHERE, { ...BROWSER, ...(await signedIn()) }]) {
      const marked = `${path}?auth-arrived=1`
      for (const target of [path, marked]) {
        const answer = await app.send('GET', target, headers)
        const next = answer.headers.location ?? /url=([^"]*)"/.exec(answer.text)?.[1] ?? '/'
        const url = new URL(next, 'http://shop.example')
        expect(url.origin).toBe('http://shop.example')
        expect(new URL(url.searchParams.get('returnTo') ?? '/', url).origin).toBe(url.origin)
      }
    }
  })
})

describe('hasRole(role)', () => {
  it('lets a user with the role pass', async () => {
    const admin = await signedIn({ roles: ['customer', 'admin'] })
    expect((await app.send('GET', '/admin', admin)).status).toBe(200)
  })

  it('answers 403 to a user without it, as a page to a browser', async () => {
    const customer = await signedIn()
    const answer = await app.send('GET', '/admin', customer)
    expect(answer.status).toBe(403)
    expect(JSON.parse(answer.text)).toMatchObject({ status: 403, code: 'forbidden' })
    const page = await app.send('GET', '/admin', { ...customer, ...BROWSER })
    expect(page).toMatchObject({
      status: 403,
      headers: { 'content-type': 'text/html; charset=utf-8' },
    })
    expect(page.text).toContain('Your account may not do this. You are signed in as ')
    expect(page.text).toMatch(/<a href="[^"]*\/">Go to the start page</)
    expect(page.text).toMatch(/<a href="[^"]*logout">Use another account</)
  })

  it('answers 401 to a visitor', async () => {
    expect((await app.send('GET', '/admin')).status).toBe(401)
  })

  it('throws for an empty role', () => {
    expect(() => hasRole('')).toThrow(TypeError)
  })
})

describe('signedInWithin(minutes)', () => {
  it('lets a user pass who recently entered the password', async () => {
    expect((await app.send('GET', '/payout', await signedIn({ minutesAgo: 14 }))).status).toBe(200)
  })

  it('asks other users for it, with returnTo', async () => {
    const longAgo = await signedIn({ minutesAgo: 16 })
    const answer = await app.send('GET', '/payout', longAgo)
    expect(answer).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Session' } })
    expect(JSON.parse(answer.text).code).toBe('reauthentication_required')
    const { status, headers } = await app.send('GET', '/payout?to=me', { ...longAgo, ...BROWSER })
    expect(status).toBe(303)
    expect(headers.location).toBe('/reauthenticate?returnTo=%2Fpayout%3Fto%3Dme')
  })

  it('sends a visitor to the sign-in page', async () => {
    const { headers } = await app.send('GET', '/payout', BROWSER)
    expect(headers.location).toBe('/login?returnTo=%2Fpayout')
  })

  it.each([0, -1, Number.NaN])('throws for %d minutes', (minutes) => {
    expect(() => signedInWithin(minutes)).toThrow(TypeError)
  })
})

describe('passErrors', () => {
  it('passes every error to the app’s own handler', async () => {
    const answerOwn: ErrorRequestHandler = ({ code, status }, _req, res, _next) => {
      res.status(status).json({ own: code })
    }
    const other = await startApp({
      passErrors: true,
      routes: (app, auth) => {
        routes(app, auth)
        app.use(answerOwn)
      },
    })
    const customer = await signedIn()
    for (const [path, headers, status, own] of [
      ['/me', {}, 401, 'not_signed_in'],
      ['/admin', customer, 403, 'forbidden'],
      ['/admin', { ...customer, ...BROWSER }, 403, 'forbidden'],
    ] as const) {
      expect(await other.send('GET', path, headers)).toMatchObject({
        status,
        text: JSON.stringify({ own }),
      })
    }
    other.store.emit('disconnect')
    expect(await other.send('GET', '/me')).toMatchObject({
      status: 503,
      text: '{"own":"sessions_unavailable"}',
    })
    await other.close()
  })
})

describe('a guard without authKit', () => {
  it('works, and expects the auth server on the same host', async () => {
    const app = express()
    app.get('/', loggedIn(), (_req, res) => void res.json({ ok: true }))
    const server = createServer(app).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`
    const program = await fetch(url)
    const browser = await fetch(url, { headers: { Accept: 'text/html' }, redirect: 'manual' })
    server.close()
    server.closeAllConnections()
    expect([program.status, await program.json()]).toMatchObject([401, { code: 'not_signed_in' }])
    expect(browser.headers.get('location')).toBe('/login?returnTo=%2F')
  })

  it('has its name in stack traces', () => {
    const names = [loggedIn(), hasRole('admin'), signedInWithin(5), signedInWith('aal2')].map(
      ({ name }) => name,
    )
    expect(names).toEqual(['loggedIn', 'hasRole', 'signedInWithin', 'signedInWith'])
  })
})

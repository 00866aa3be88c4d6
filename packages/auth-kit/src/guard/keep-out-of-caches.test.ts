import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { RequestHandler, Response } from 'express'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { testRedis } from '../../../../tools/testing/test-services.ts'
import { cookieOf, SECRETS, startTestApp } from '../test-app.fixture.ts'
import { signSessionId } from '../session/session-cookie.ts'

let services: Awaited<ReturnType<typeof testRedis>>
let app: Awaited<ReturnType<typeof startTestApp>>

/** A page that a shared cache may keep. */
const publicPage: RequestHandler = (req, res) => {
  if (req.query['seen']) Object.assign(req.session, { seen: req.query['seen'] })
  res.set({ 'Cache-Control': 'public, max-age=60, s-maxage=600', 'CDN-Cache-Control': 'max-age=9' })
  res.send('news')
}

const file = fileURLToPath(new URL('../../package.json', import.meta.url))
const answers: Record<string, (res: Response) => unknown> = {
  json: (res) => res.json({ ok: true }),
  pipe: (res) => Readable.from(['one', 'two']).pipe(res),
  sendFile: (res) => res.sendFile(file),
}

beforeAll(async () => {
  services = await testRedis()
  app = await startTestApp({
    ...services,
    publicUrl: 'http://localhost',
    routes: (app, auth) => {
      app.get('/news', publicPage)
      app.get('/guarded-news', auth.loggedIn(), publicPage)
      app.get('/answer/:kind', (req, res) => answers[req.params.kind]?.(res))
    },
  })
})
afterAll(async () => {
  await app.close()
  await services.close()
})

/** The cookie of a session whose next request renews it. */
async function idleCookie(): Promise<string> {
  const id = `idle-${Math.random()}`.replace('.', '')
  await app.store.addSession(id, {})
  const key = `${services.prefix}${id}`
  const json = (await services.redis.get(key)) ?? ''
  const earlier = Date.now() - 120_000
  await services.redis.set(key, json.replace(/("lastUsedAt":)\d+/, `$1${earlier}`), 'KEEPTTL')
  return `session=${signSessionId(id, SECRETS[0] ?? '')}`
}

describe('an answer behind a guard (R31)', () => {
  it('is not cached, so that Back does not show it after sign-out', async () => {
    const { headers } = await app.send('GET', '/me', { cookie: await app.signIn() })
    expect(headers['cache-control']).toBe('no-store')
  })

  it('keeps the Cache-Control of the app', async () => {
    const { headers } = await app.send('GET', '/guarded-news', { cookie: await app.signIn() })
    expect(headers['cache-control']).toBe('public, max-age=60, s-maxage=600')
  })
})

describe('an answer with a session cookie (R31)', () => {
  it('may not be stored by a shared cache', async () => {
    const { headers } = await app.send('GET', '/news?seen=yes')
    expect(headers['set-cookie']).toHaveLength(1)
    expect(headers['cache-control']).toBe('private, max-age=60')
    expect(headers['cdn-cache-control']).toBeUndefined()
  })

  it('may not be stored by one even if the cookie is only renewed', async () => {
    const { headers } = await app.send('GET', '/news', { cookie: await idleCookie() })
    expect(headers['set-cookie']).toHaveLength(1)
    expect(headers['cache-control']).toBe('private, max-age=60')
  })

  it('is private if the app sets no Cache-Control', async () => {
    const { headers } = await app.send('POST', '/fields?seen=yes')
    expect(headers['cache-control']).toBe('private')
  })

  it('is the only kind that changes: others stay cacheable', async () => {
    const { headers } = await app.send('GET', '/news')
    expect(headers['set-cookie']).toBeUndefined()
    expect(headers['cache-control']).toBe('public, max-age=60, s-maxage=600')
  })

  it.each(Object.keys(answers))('renews the cookie whichever way it is sent: %s', async (kind) => {
    const cookie = await idleCookie()
    const answer = await app.send('GET', `/answer/${kind}`, { cookie })
    expect(answer.status).toBe(200)
    expect(cookieOf(answer)).toBe(cookie)
  })
})

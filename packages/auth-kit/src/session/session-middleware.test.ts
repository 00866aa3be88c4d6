import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Cookie } from 'express-session'
import { createHmac, randomBytes } from 'node:crypto'
import { testRedis } from '../../../../tools/testing/test-services.ts'
import { ADA, cookieOf, SECRETS, sessionIdOf, startTestApp } from '../test-app.fixture.ts'
import { signSessionId } from './session-cookie.ts'
import { session } from './session-middleware.ts'

let services: Awaited<ReturnType<typeof testRedis>>
let app: Awaited<ReturnType<typeof startTestApp>>
beforeAll(async () => {
  services = await testRedis()
  app = await startTestApp({ ...services, publicUrl: 'http://localhost' })
})
afterAll(async () => {
  await app.close()
  await services.close()
})

const SECRET = SECRETS[0] ?? ''

async function whoIs(cookie: string, on = app): Promise<unknown> {
  return JSON.parse((await on.send('GET', '/', { cookie })).text).user
}

/** The cookie of a visitor's session, which anyone can get. */
async function visit(): Promise<string> {
  return cookieOf(await app.send('POST', '/fields?seen=yes'))
}

describe('the session id', () => {
  it('has at least 128 random bits (R21)', async () => {
    const ids = await Promise.all(
      Array.from({ length: 50 }, async () => sessionIdOf(await visit())),
    )
    expect(new Set(ids).size).toBe(50)
    for (const id of ids) expect(id.length * Math.log2(64)).toBeGreaterThanOrEqual(128)
  })

  it('is never one that the client invented, even if validly signed (R23)', async () => {
    const invented = `session=${signSessionId('invented', SECRET)}`
    const answer = await app.send('POST', '/fields?seen=yes', { cookie: invented })
    expect(answer.status).toBe(200)
    expect(sessionIdOf(cookieOf(answer))).not.toBe('invented')
    expect(await services.redis.exists(`${services.prefix}invented`)).toBe(0)
  })

  it('changes at sign-in, and the old one is dead (R22, C2)', async () => {
    const planted = await visit()
    const signedIn = await app.signIn({ cookie: planted })
    expect(sessionIdOf(signedIn)).not.toBe(sessionIdOf(planted))
    expect(await whoIs(signedIn)).toEqual(ADA)
    expect(await whoIs(planted)).toBeNull()
    expect(await services.redis.exists(`${services.prefix}${sessionIdOf(planted)}`)).toBe(0)
    await app.send('POST', '/fields?seen=again', { cookie: planted })
    expect(await services.redis.exists(`${services.prefix}${sessionIdOf(planted)}`)).toBe(0)
  })

  it('carries nothing over from the session before the sign-in', async () => {
    const cookie = await app.signIn({ cookie: await visit() })
    expect(JSON.parse((await app.send('GET', '/session', { cookie })).text).seen).toBeUndefined()
  })

  it('changes when a user signs in again (R22)', async () => {
    const first = await app.signIn()
    const second = await app.signIn({ cookie: first })
    expect(sessionIdOf(second)).not.toBe(sessionIdOf(first))
    expect(await whoIs(first)).toBeNull()
  })

  it('is signed with the first secret, verified with all, and refused with any other', async () => {
    const cookies = new Map<string, string>()
    for (const secret of ['old secret', 'new secret', 'unknown secret']) {
      const other = await startTestApp({
        ...services,
        secrets: [secret],
        publicUrl: 'http://localhost',
      })
      cookies.set(secret, await other.signIn())
      await other.close()
    }
    const secrets = ['new secret', 'old secret']
    const rotated = await startTestApp({ ...services, secrets, publicUrl: 'http://localhost' })
    expect(await whoIs(cookies.get('old secret') ?? '', rotated)).toEqual(ADA)
    expect(await whoIs(cookies.get('new secret') ?? '', rotated)).toEqual(ADA)
    expect(await whoIs(cookies.get('unknown secret') ?? '', rotated)).toBeNull()
    const cookie = await rotated.signIn()
    expect(cookie).toBe(`session=${signSessionId(sessionIdOf(cookie), 'new secret')}`)
    await rotated.close()
  })

  it('follows secrets that change in place', async () => {
    const secrets = ['old secret']
    const rotating = await startTestApp({ ...services, secrets, publicUrl: 'http://localhost' })
    const before = await rotating.signIn()
    secrets.unshift('new secret')
    expect(await whoIs(before, rotating)).toEqual(ADA)
    const after = await rotating.signIn()
    expect(after).toBe(`session=${signSessionId(sessionIdOf(after), 'new secret')}`)
    secrets.pop()
    expect(await whoIs(after, rotating)).toEqual(ADA)
    expect(await whoIs(before, rotating)).toBeNull()
    await rotating.close()
  })

  it('is ignored if it is unsigned or its signature is changed', async () => {
    const cookie = await app.signIn()
    const id = sessionIdOf(cookie)
    const forged = createHmac('sha256', 'another').update(id).digest('base64').replace(/=+$/, '')
    for (const value of [id, `s:${id}`, `s:${id}.`, `s:${id}.${forged}`, `s:x${id}`]) {
      expect(await whoIs(`session=${encodeURIComponent(value)}`)).toBeNull()
    }
  })
})

describe('cookie tossing (C26)', () => {
  it.each([
    ['the same name', 'session'],
    ['a space after the name', 'session '],
    ['a tab before the name', '\tsession'],
  ])('accepts neither of two cookies, one with %s', async (_, name) => {
    const [victim, attacker] = [await app.signIn(), await app.signIn()]
    const tossed = attacker.replace(/^session/, name)
    expect(await whoIs(`${tossed}; ${victim}`)).toBeNull()
    expect(await whoIs(`${victim}; ${tossed}`)).toBeNull()
  })

  it.each([
    ['U+00A0', '\u00a0'],
    ['U+2000', Buffer.from('\u2000').toString('latin1')],
    ['U+FEFF', Buffer.from('\ufeff').toString('latin1')],
  ])('ignores a cookie whose name starts with %s', async (_, space) => {
    const [victim, attacker] = [await app.signIn(), await app.signIn()]
    expect(await whoIs(`${space}${attacker}`)).toBeNull()
    expect(await whoIs(`${space}${attacker}; ${victim}`)).toEqual(ADA)
    expect(await whoIs(`${victim};${space}${attacker}`)).toEqual(ADA)
  })

  it.each([
    ['unsigned', 'session=planted'],
    ['signed by another system on the same domain', 'session=s%3Aplanted.c2lnbmVk'],
  ])('ignores another cookie beside a valid one: %s', async (_, planted) => {
    const cookie = await app.signIn()
    expect(await whoIs(`${planted}; ${cookie}`)).toEqual(ADA)
    expect(await whoIs(`${cookie}; ${planted}`)).toEqual(ADA)
    expect(await whoIs(planted)).toBeNull()
  })

  it('accepts the same cookie sent twice', async () => {
    const cookie = await app.signIn()
    expect(await whoIs(`${cookie}; ${cookie}`)).toEqual(ADA)
  })

  it('reads only the header, not the result of a cookie parser', async () => {
    const cookie = await app.signIn()
    const id = sessionIdOf(cookie)
    const value = decodeURIComponent(cookie.slice('session='.length))
    const parsed = await startTestApp({
      ...services,
      publicUrl: 'http://localhost',
      before: [
        (req, _res, next) => {
          Object.assign(req, { cookies: { session: value }, signedCookies: { session: id } })
          next()
        },
      ],
    })
    expect(await whoIs('', parsed)).toBeNull()
    expect(await whoIs(`${cookie}; ${await app.signIn()}`, parsed)).toBeNull()
    expect(await whoIs(cookie, parsed)).toEqual(ADA)
    await parsed.close()
  })
})

describe('a session over HTTP', () => {
  it('is not created for a visitor without data to store', async () => {
    const answer = await app.send('GET', '/')
    expect(answer.headers['set-cookie']).toBeUndefined()
  })

  it('keeps the changes of 20 concurrent requests to different fields', async () => {
    const cookie = await app.signIn()
    const fields = Array.from({ length: 20 }, (_, at) => `field${at}`)
    const answers = await Promise.all(
      fields.map((field) => app.send('POST', `/fields?${field}=${field}&after=5`, { cookie })),
    )
    expect(answers.map(({ status }) => status)).toEqual(fields.map(() => 200))
    const stored = JSON.parse((await app.send('GET', '/session', { cookie })).text)
    expect(fields.map((field) => stored[field])).toEqual(fields)
  })

  it('keeps the last of two changes to the same field', async () => {
    const cookie = await app.signIn()
    await Promise.all([
      app.send('POST', '/fields?colour=last&after=80', { cookie }),
      app.send('POST', '/fields?colour=first&after=20', { cookie }),
    ])
    const { colour } = JSON.parse((await app.send('GET', '/session', { cookie })).text)
    expect(colour).toBe('last')
  })

  it('stores a change before the answer’s first byte', async () => {
    const cookie = await app.signIn()
    for (let visits = 0; visits < 20; visits += 1) {
      await app.send('POST', `/fields?visits=${visits}`, { cookie })
      const stored = await services.redis.get(`${services.prefix}${sessionIdOf(cookie)}`)
      expect(JSON.parse(stored ?? '{}').visits).toBe(String(visits))
    }
  })

  it('extends the cookie’s expiry with use, at most once a minute', async () => {
    const { store } = app
    const id = randomBytes(18).toString('base64url')
    const now = Date.now()
    await store.addSession(id, { cookie: new Cookie(), passport: { user: ADA } })
    const cookie = `session=${signSessionId(id, SECRET)}`
    const loaded = JSON.parse((await services.redis.get(`${services.prefix}${id}`)) ?? '')
    loaded.cookie.originalMaxAge = 14 * 86_400_000
    loaded.cookie.expires = new Date(now + 86_400_000).toISOString()
    loaded.authKit.lastUsedAt = now - 61_000
    await services.redis.set(`${services.prefix}${id}`, JSON.stringify(loaded))
    const answer = await app.send('GET', '/', { cookie })
    expect(cookieOf(answer)).toBe(cookie)
    expect((await app.send('GET', '/', { cookie })).headers['set-cookie']).toBeUndefined()
  })
})

describe('session({ secrets })', () => {
  it.each([[[]], [['']], [['good', '']]])('refuses %j when the app starts', (secrets) => {
    expect(() => session({ store: app.store, secrets })).toThrow(TypeError)
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Router } from 'express'
import type { SessionData } from 'express-session'
import { testRedis } from '../../../../tools/testing/test-services.ts'
import { ADA, SECRETS, sessionIdOf, startTestApp } from '../test-app.fixture.ts'
import { signInForTest } from '../testing.ts'
import { newStore } from './new-store.fixture.ts'

const HOUR_MS = 3_600_000

let services: Awaited<ReturnType<typeof testRedis>>
let app: Awaited<ReturnType<typeof startTestApp>>

/** The change that a request with `?write` makes to its session before any guard. */
let write: (session: Partial<SessionData>) => void = () => undefined

beforeAll(async () => {
  services = await testRedis()
  app = await startTestApp({
    ...services,
    publicUrl: 'http://localhost',
    routes(app, auth) {
      const writes = Router().use((req, _res, next) => {
        if ('write' in req.query) write(req.session)
        next()
      })
      const [fresh, strong] = [auth.signedInWithin(15), auth.signedInWith('aal2')]
      app.get('/content', (req, res) => res.json(req.session))
      app.get('/change', writes, (_req, res) => res.json({}))
      app.get('/fresh', writes, fresh, (_req, res) => res.json({}))
      app.get('/strong', writes, strong, (_req, res) => res.json({}))
    },
  })
})
afterAll(async () => {
  await app.close()
  await services.close()
})

const keyOf = (cookie: string) => `${services.prefix}${sessionIdOf(cookie)}`

async function storedOf(cookie: string) {
  return JSON.parse((await services.redis.get(keyOf(cookie))) ?? '{}')
}

/** The cookie of a user who signed in an hour ago. */
async function signedInAnHourAgo(): Promise<string> {
  const { cookie } = await signInForTest({ ...services, secrets: SECRETS, user: ADA })
  const session = await storedOf(cookie)
  session.authKit.signIn.at -= HOUR_MS
  session.authKit.startedAt -= HOUR_MS
  await services.redis.set(keyOf(cookie), JSON.stringify(session))
  return cookie
}

const statusOf = async (path: string, cookie: string) =>
  (await app.send('GET', path, { cookie })).status

describe('the fields of a session', () => {
  const names = ['startedAt', 'lastUsedAt', 'signIn', 'epoch']
  const values = [new Date(0).toISOString(), Date.now() - 100 * 24 * HOUR_MS, 'text', true, null]
  const all = names.flatMap((name) => values.map((value) => ({ [name]: value })))

  it.each(all)('R87 belong to the app, whatever their names: %j', async (fields) => {
    const cookie = await app.signIn()
    write = (session) => Object.assign(session, fields)
    expect(await statusOf('/change?write', cookie)).toBe(200)
    expect(JSON.parse((await app.send('GET', '/content', { cookie })).text)).toMatchObject(fields)
    expect(await storedOf(cookie)).toMatchObject(fields)
    expect(await statusOf('/fresh', cookie)).toBe(200)
  })

  it('R87 include only one for the kit, `authKit`', async () => {
    const session = await storedOf(await app.signIn())
    expect(Object.keys(session).toSorted()).toEqual(['authKit', 'cookie', 'passport'])
  })
})

describe('`req.session.authKit`', () => {
  const now = Date.now()
  const forged = {
    startedAt: now + 1000 * 24 * HOUR_MS,
    lastUsedAt: now,
    signIn: { id: 'forged', at: now, acr: 'aal2', amr: ['mfa'] },
    epoch: { userId: ADA.id, id: 'forged' },
  }
  const circle: { self?: object } = {}
  circle.self = circle
  const set = (authKit: unknown) => (session: object) => void Object.assign(session, { authKit })
  const damages: Record<string, typeof write> = {
    'a string': set('text'),
    null: set(null),
    'an array': set([1]),
    nothing: (session) => Reflect.deleteProperty(session, 'authKit'),
    'malformed stamps': set({ startedAt: 'soon', signIn: true }),
    'a circular object': set(circle),
    'forged stamps': set(forged),
    'forged stamps in place': ({ authKit }) => Object.assign(Object(authKit), forged),
    'a recent time in place': ({ authKit }) => Object.assign(Object(authKit?.signIn), { at: now }),
  }

  it.each(Object.keys(damages))('R87 does not change if an app writes %s', async (name) => {
    const cookie = await signedInAnHourAgo()
    const { authKit: before } = await storedOf(cookie)
    write = damages[name] ?? write
    // Even in the request that writes.
    expect(await statusOf('/fresh?write', cookie)).toBe(401)
    expect(await statusOf('/strong?write', cookie)).toBe(401)
    write = (session) => damages[name]?.(Object.assign(session, { cart: name }))
    expect(await statusOf('/change?write', cookie)).toBe(200)
    expect(await storedOf(cookie)).toMatchObject({ cart: name, authKit: before })
    expect(await statusOf('/fresh', cookie)).toBe(401)
    expect(await statusOf('/me', cookie)).toBe(200)
  })

  it('R87 has no time in the future in a new session', async () => {
    const { store } = newStore()
    await store.addSession('one', { passport: { user: ADA }, authKit: forged })
    const session = await store.getSession('one')
    expect(session?.authKit?.startedAt).toBeLessThanOrEqual(Date.now())
    expect(session?.authKit?.epoch?.id).not.toBe('forged')
  })
})

describe('a session stored by an earlier version, with stamps beside the app’s fields,', () => {
  /** Stores the session in the format of that version. */
  async function storeOld(cookie: string, more: object = {}) {
    const { authKit, ...content } = await storedOf(cookie)
    await services.redis.set(keyOf(cookie), JSON.stringify({ ...content, ...authKit, ...more }))
    return authKit
  }

  it('R87 stays signed in with the same sign-in, and migrates with its next change', async () => {
    const cookie = await app.signIn()
    const stamps = await storeOld(cookie, { cart: 'tea' })
    expect(await statusOf('/fresh', cookie)).toBe(200)
    write = (session) => Object.assign(session, { startedAt: 'noon' })
    expect(await statusOf('/change?write', cookie)).toBe(200)
    const { cookie: _, passport, ...content } = await storedOf(cookie)
    expect(content).toEqual({ startedAt: 'noon', cart: 'tea', authKit: stamps })
  })

  it('R87 keeps concurrent changes while it migrates', async () => {
    const cookie = await app.signIn()
    const stamps = await storeOld(cookie)
    const asked = ['one', 'two', 'three'].map((name) =>
      app.send('POST', `/fields?${name}=1&after=50`, { cookie }),
    )
    for (const { status } of await Promise.all(asked)) expect(status).toBe(200)
    const { cookie: _, passport, ...content } = await storedOf(cookie)
    expect(content).toEqual({ one: '1', two: '1', three: '1', authKit: stamps })
  })

  it('R87 ends with the other sessions of its user', async () => {
    const cookie = await app.signIn()
    await storeOld(cookie)
    await app.store.endSessions(ADA.id)
    expect(await statusOf('/me', cookie)).toBe(401)
  })

  it('R87 migrates for a visitor, too', async () => {
    const { headers } = await app.send('POST', '/fields?cart=tea')
    const cookie = headers['set-cookie']?.at(-1)?.split(';')[0] ?? ''
    const stamps = await storeOld(cookie)
    await app.send('POST', '/fields?cart=milk', { cookie })
    const { cookie: _, ...content } = await storedOf(cookie)
    expect(content).toEqual({ cart: 'milk', authKit: stamps })
  })
})

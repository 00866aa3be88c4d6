import { describe, expect, it } from '@jest/globals'
import { Cookie, type SessionData } from 'express-session'
import { ADA, pause } from '../test-app.fixture.ts'
import { newStore } from './new-store.fixture.ts'

const DAY_MS = 86_400_000

async function stored(store: ReturnType<typeof newStore>['store'], id: string) {
  const session = await store.getSession(id)
  if (!session) throw new Error('no session')
  return session
}

describe('addSession', () => {
  it.each([{}, { cookie: undefined }])('needs no cookie: %j', async (noCookie) => {
    const { store } = newStore()
    expect(await store.addSession('one', { ...noCookie, passport: { user: ADA } })).toBeUndefined()
    const session = await stored(store, 'one')
    expect(session.passport?.user).toEqual(ADA)
    expect(session.cookie).toMatchObject({
      httpOnly: true,
      path: '/',
      sameSite: 'strict',
      originalMaxAge: 14 * DAY_MS,
    })
    const end = new Date(session.cookie.expires ?? 0).getTime()
    expect(Math.abs(end - Date.now() - 14 * DAY_MS)).toBeLessThan(5000)
    expect((await store.listSessions(ADA.id)).map(({ id }) => id)).toEqual(['one'])
  })

  it('refuses a value that is not an object', async () => {
    const { store } = newStore()
    for (const json of ['null', '"text"', '7']) {
      const added = store.addSession('one', JSON.parse(json))
      await expect(added).rejects.toThrow('addSession: the session must be an object')
    }
    expect(await store.getSession('one')).toBeNull()
  })
})

describe('updateSession with an object that was not loaded', () => {
  it('replaces the content of the session', async () => {
    const { store } = newStore()
    await store.addSession('one', Object.assign({ passport: { user: ADA } }, { old: 1, kept: 1 }))
    const { old: _old, ...rest } = { old: 0, ...(await stored(store, 'one')) }
    expect(await store.updateSession('one', Object.assign(rest, { colour: 'red' }))).toBe(true)
    const session = await stored(store, 'one')
    expect(session).toMatchObject({ colour: 'red', kept: 1, passport: { user: ADA } })
    expect(session).not.toHaveProperty('old')
  })

  it('merges later updates, as with a loaded object', async () => {
    const { store } = newStore()
    await store.addSession('one', {})
    const copy = { ...(await stored(store, 'one')) }
    await store.updateSession('one', Object.assign(copy, { mine: 1 }))
    await store.updateSession('one', Object.assign(await stored(store, 'one'), { theirs: 1 }))
    await store.updateSession('one', Object.assign(copy, { mine: 2 }))
    expect(await stored(store, 'one')).toMatchObject({ mine: 2, theirs: 1 })
  })

  it('keeps the start, the sign-in and the cookie if the object has none', async () => {
    const { store } = newStore()
    await store.addSession('one', { passport: { user: ADA } })
    const before = await stored(store, 'one')
    expect(await store.updateSession('one', { passport: { user: ADA } })).toBe(true)
    const { authKit, cookie } = await stored(store, 'one')
    expect({ authKit, cookie }).toEqual({ authKit: before.authKit, cookie: before.cookie })
  })

  it('returns false for a missing, ended or expired session and never revives it (C1)', async () => {
    const { store } = newStore({ absoluteDays: 1 / 86_400 })
    expect(await store.updateSession('never there', { passport: { user: ADA } })).toBe(false)
    await store.addSession('ended', { passport: { user: ADA } })
    const copy = { ...(await stored(store, 'ended')) }
    await store.deleteSession('ended')
    expect(await store.updateSession('ended', copy)).toBe(false)
    await store.addSession('old', { passport: { user: ADA } })
    const { authKit: _, ...old } = await stored(store, 'old')
    await pause(1050)
    expect(await store.updateSession('old', old)).toBe(false)
    for (const id of ['never there', 'ended', 'old']) expect(await store.getSession(id)).toBeNull()
    expect(await store.listSessions(ADA.id)).toEqual([])
  })
})

describe('the callback methods of express-session', () => {
  type Store = ReturnType<typeof newStore>['store']
  const settled = (ask: (done: (error?: unknown, value?: unknown) => void) => void) =>
    new Promise((resolve, reject) => {
      ask((error, value) => (error == null ? resolve(value) : reject(error)))
    })
  const set = (store: Store, session: SessionData) =>
    settled((done) => store.set('one', session, done))

  it('set adds a session, and replaces a stored one by another object', async () => {
    const { store } = newStore()
    const cookie = new Cookie()
    await set(store, Object.assign({ cookie, passport: { user: ADA } }, { colour: 'red' }))
    const before = await stored(store, 'one')
    await set(store, Object.assign({ ...before }, { colour: 'blue' }))
    expect(await stored(store, 'one')).toMatchObject({ colour: 'blue', passport: { user: ADA } })
    await set(store, { cookie, passport: { user: ADA } })
    const after = await stored(store, 'one')
    expect(after).not.toHaveProperty('colour')
    expect(after.authKit).toEqual(before.authKit)
  })

  it('set fails for an ended session and never revives it (C1)', async () => {
    const { store } = newStore()
    await store.addSession('one', {})
    const loaded = await stored(store, 'one')
    await store.deleteSession('one')
    const change = Object.assign(loaded, { colour: 'red' })
    await expect(set(store, change)).rejects.toMatchObject({ code: 'session_ended' })
    await expect(set(store, { ...loaded })).rejects.toMatchObject({ code: 'session_id_taken' })
    expect(await store.getSession('one')).toBeNull()
  })

  it('need no callback, and do not fail without one while Redis is down', async () => {
    const { redis } = newStore()
    const unreachable = redis.duplicate({ lazyConnect: true })
    unreachable.disconnect()
    for (const given of [redis, unreachable]) {
      const { store } = newStore({ redis: given })
      store.get('one')
      store.set('one', { cookie: new Cookie() })
      store.touch('one', { cookie: new Cookie() })
      store.destroy('one')
      // An unhandled rejection would fail the run.
      await pause(300)
    }
  })
})

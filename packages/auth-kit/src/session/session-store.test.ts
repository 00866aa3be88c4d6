import { describe, expect, it } from '@jest/globals'
import { Cookie, type SessionData } from 'express-session'
import { randomBytes } from 'node:crypto'
import { ADA, pause } from '../test-app.fixture.ts'
import { createSessionStore } from './create-session-store.ts'
import { newStore } from './new-store.fixture.ts'

const SECOND = 1 / 86_400
const DAY_MS = 86_400_000

/** The content of a session of Ada or the given user; null for a visitor. */
function content(user: SessionData['passport'] | null = { user: ADA }): SessionData {
  return { cookie: new Cookie(), ...(user && { passport: user }) }
}

describe('SessionStore', () => {
  describe('the format in Redis', () => {
    it('is that of connect-redis: JSON under <prefix><id>, with an expiry', async () => {
      const { store, prefix, redis } = newStore()
      await store.addSession('one', content())
      const stored = JSON.parse((await redis.get(`${prefix}one`)) ?? '')
      expect(stored).toMatchObject({ cookie: { path: '/' }, passport: { user: ADA } })
      const ttl = await redis.pttl(`${prefix}one`)
      expect(ttl).toBeGreaterThan(14 * DAY_MS - 5000)
      expect(ttl).toBeLessThanOrEqual(14 * DAY_MS)
    })

    it('has the prefix `sess:` by default', async () => {
      const { redis } = newStore()
      const id = randomBytes(12).toString('hex')
      const store = createSessionStore({ redis })
      await store.addSession(id, content(null))
      expect(await redis.exists(`sess:${id}`)).toBe(1)
      await redis.del(`sess:${id}`)
    })
  })

  describe('addSession, getSession, updateSession, deleteSession', () => {
    it('return what was added and updated', async () => {
      const { store } = newStore()
      await store.addSession('one', content())
      const session = await store.getSession('one')
      expect(session?.passport?.user).toEqual(ADA)
      if (!session) throw new Error('no session')
      expect(await store.updateSession('one', Object.assign(session, { cart: [] }))).toBe(true)
      expect(await store.getSession('one')).toMatchObject({ cart: [] })
    })

    it('find nothing for an unknown id', async () => {
      const { store } = newStore()
      expect(await store.getSession('invented')).toBeNull()
    })

    it('end a session for good: it cannot be read, updated or added again (C1)', async () => {
      const { store } = newStore()
      await store.addSession('one', content())
      const loaded = await store.getSession('one')
      await store.deleteSession('one')
      expect(await store.getSession('one')).toBeNull()
      expect(loaded && (await store.updateSession('one', loaded))).toBe(false)
      await expect(store.addSession('one', content())).rejects.toMatchObject({
        code: 'session_id_taken',
      })
      expect(await store.getSession('one')).toBeNull()
    })

    it('take an ended session off the list of its user at once', async () => {
      const { store, prefix, redis } = newStore()
      const ids = ['one', 'two', 'three']
      for (const id of ids) await store.addSession(id, content())
      await store.deleteSession('one')
      const taken = await store.getSession('two')
      if (taken) await store.takeSession('two', taken)
      expect(await redis.zrange(`sessions-of:{${prefix}${ADA.id}}`, '0', '-1')).toEqual(['three'])
    })

    it('never add a session over an existing one', async () => {
      const { store } = newStore()
      await store.addSession('one', content())
      await expect(store.addSession('one', content(null))).rejects.toMatchObject({ status: 503 })
      expect((await store.getSession('one'))?.passport?.user).toEqual(ADA)
    })

    it('return false when asked to end a session that does not exist', async () => {
      const { store } = newStore()
      await expect(store.deleteSession('nothing')).resolves.toBe(false)
    })

    it.each(['', 'no json', 'null', '[]', '"text"', '{}', '{"cookie":null}'])(
      'treat %j in Redis as no session, without an error',
      async (corrupted) => {
        const { store, prefix, redis } = newStore()
        await redis.set(`${prefix}one`, corrupted)
        expect(await store.getSession('one')).toBeNull()
        await store.deleteSession('one')
        expect(await redis.exists(`${prefix}one`)).toBe(0)
      },
    )
  })

  describe('concurrent updates', () => {
    it('keep both changes to different fields', async () => {
      const { store } = newStore()
      await store.addSession('one', content())
      const [mine, theirs] = [await store.getSession('one'), await store.getSession('one')]
      if (!mine || !theirs) throw new Error('no session')
      await store.updateSession('one', Object.assign(theirs, { theirs: 1, empty: [] }))
      await store.updateSession('one', Object.assign(mine, { mine: 1 }))
      await store.updateSession('one', Object.assign(theirs, { later: 1 }))
      const stored = await store.getSession('one')
      expect(stored).toMatchObject({ theirs: 1, empty: [], mine: 1, later: 1 })
    })

    it('keep the last change to the same field', async () => {
      const { store } = newStore()
      await store.addSession('one', content())
      const [first, last] = [await store.getSession('one'), await store.getSession('one')]
      if (!first || !last) throw new Error('no session')
      await store.updateSession('one', Object.assign(first, { colour: 'red' }))
      await store.updateSession('one', Object.assign(last, { colour: 'blue' }))
      expect(await store.getSession('one')).toMatchObject({ colour: 'blue' })
    })
  })

  describe('limits (R24)', () => {
    it('end an idle session', async () => {
      const { store } = newStore({ idleDays: 0.2 * SECOND })
      await store.addSession('one', content())
      expect(await store.getSession('one')).not.toBeNull()
      await pause(300)
      expect(await store.getSession('one')).toBeNull()
    })

    it('extend a session with each use', async () => {
      const { store } = newStore({ idleDays: 0.4 * SECOND })
      await store.addSession('one', content())
      for (let use = 0; use < 5; use += 1) {
        await pause(150)
        const session = await store.getSession('one')
        expect(session && (await store.noteUse('one', session))).toBe(true)
      }
      expect(await store.listSessions(ADA.id)).toHaveLength(1)
    })

    it('end any session at the absolute limit, however much it is used', async () => {
      const { store, prefix, redis } = newStore({ absoluteDays: 0.5 * SECOND })
      await store.addSession('one', content())
      const session = await store.getSession('one')
      if (!session) throw new Error('no session')
      for (let use = 0; use < 4; use += 1) {
        await pause(100)
        await store.updateSession('one', Object.assign(session, { use }))
      }
      expect(await redis.pttl(`${prefix}one`)).toBeLessThan(200)
      await pause(200)
      expect(await store.getSession('one')).toBeNull()
    })

    it('hold even if a stock app has moved the expiry beyond the absolute limit', async () => {
      const { store, prefix, redis } = newStore({ absoluteDays: 0.2 * SECOND })
      await store.addSession('one', content())
      await redis.expire(`${prefix}one`, 1000)
      await pause(250)
      expect(await store.getSession('one')).toBeNull()
      expect(await redis.exists(`${prefix}one`)).toBe(0)
    })

    it('keep the tombstone of a session as long as any session may live', async () => {
      const { store, prefix, redis } = newStore({ absoluteDays: 30 })
      await store.addSession('one', content())
      await store.deleteSession('one')
      const ttl = await redis.pttl(`ended:{${prefix}one}`)
      expect(ttl).toBeGreaterThan(30 * DAY_MS - 5000)
      expect(ttl).toBeLessThanOrEqual(30 * DAY_MS)
    })

    it('may be any fraction of a day', async () => {
      const { store } = newStore({ idleDays: 1 / 7_001, absoluteDays: 1 / 3_001 })
      await store.addSession('one', content())
      await store.deleteSession('one')
      expect(await store.getSession('one')).toBeNull()
    })

    it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('may not be %d days', (days) => {
      expect(() => newStore({ idleDays: days })).toThrow(/idleDays/)
      expect(() => newStore({ absoluteDays: days })).toThrow(/absoluteDays/)
    })
  })

  describe('options', () => {
    it('may not put a session and its tombstone into different Cluster slots', () => {
      expect(() => newStore({ prefix: '{shop}:sess:' })).toThrow(/prefix/)
    })

    it('may not include a client with a keyPrefix, which SCAN ignores', () => {
      const redis = newStore().redis.duplicate({ keyPrefix: 'shop:', lazyConnect: true })
      expect(() => newStore({ redis })).toThrow(/keyPrefix/)
    })
  })
})

import { describe, expect, it } from '@jest/globals'
import { ADA } from '../test-app.fixture.ts'
import { redisSessionCache, redisUserIndex, SessionStore, type SessionCache } from '../session.ts'
import { newStore } from './new-store.fixture.ts'

const DAY_MS = 86_400_000
const BOB = { ...ADA, id: 'bob-1', username: 'bob', email: 'bob@example.com' }
const ofAda = () => ({ passport: { user: ADA } })

/** The session of a stock app: express-session's cookie and Passport's user. */
function stockJson(user: unknown = ADA, more: object = {}): string {
  const cookie = { originalMaxAge: null, path: '/' }
  return JSON.stringify({ cookie, passport: { user }, ...more })
}

/** A store, and the commands it sends to Redis. */
function countedStore() {
  const { redis: shared, prefix } = newStore()
  const redis = shared.duplicate()
  const commands: string[] = []
  const send = redis.sendCommand.bind(redis)
  redis.sendCommand = (command, stream) => {
    commands.push(command.name)
    return send(command, stream)
  }
  return { ...newStore({ redis, prefix, cache: false }), commands, close: () => redis.disconnect() }
}

/** A store whose searches start, then wait until they are released. */
function heldStore() {
  const { prefix, redis } = newStore()
  const parts = { redis, prefix }
  const whole = redisSessionCache(parts)
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  let passes = 0
  const cache: SessionCache = {
    ...whole,
    async *scanSessions() {
      passes += 1
      await released
      yield* whole.scanSessions()
    },
  }
  const limits = { idleMs: DAY_MS, absoluteMs: DAY_MS }
  const store = new SessionStore({ cache, index: redisUserIndex(parts), limits })
  return { store, prefix, redis, release, passes: () => passes }
}

describe('endSessions(userId)', () => {
  it('sends the same commands, however many other users are signed in (R18)', async () => {
    const { store, prefix, redis, commands, close } = countedStore()
    const asked: string[][] = []
    for (const others of [0, 2000]) {
      const sessions = Array.from({ length: others }, (_, at) => [
        `${prefix}other-${at}`,
        stockJson({ ...ADA, id: `other-${at}` }),
      ])
      // oxlint-disable-next-line no-await-in-loop
      if (others > 0) await redis.mset(sessions.flat())
      // oxlint-disable-next-line no-await-in-loop
      await Promise.all(
        [`desk-${others}`, `phone-${others}`].map((id) => store.addSession(id, ofAda())),
      )
      commands.length = 0
      // oxlint-disable-next-line no-await-in-loop
      await store.endSessions(ADA.id)
      asked.push([...commands])
      // oxlint-disable-next-line no-await-in-loop
      await store.completeEnds()
    }
    close()
    expect(asked[1]).toEqual(asked[0])
    expect(asked[0]?.length).toBeLessThanOrEqual(8)
  })

  it('searches a batch of sessions with two commands, not one for each session', async () => {
    const { store, prefix, redis, commands, close } = countedStore()
    const sessions = Array.from({ length: 500 }, (_, at) => [`${prefix}other-${at}`, stockJson()])
    await redis.mset(sessions.flat())
    await store.endSessions('somebody-else')
    commands.length = 0
    await store.completeEnds()
    close()
    const reads = commands.filter((name) => name === 'mget').length
    expect(commands).not.toContain('get')
    expect(reads).toBeGreaterThan(0)
    expect(reads).toBeLessThanOrEqual(commands.filter((name) => name === 'scan').length)
  })

  it('ends a session that is in no index at once (R18, R26, N2)', async () => {
    const { store, prefix, redis, release } = heldStore()
    await store.addSession('one', ofAda())
    await redis.del(`sessions-of:{${prefix}${ADA.id}}`)
    await store.endSessions(ADA.id)
    expect(await store.getSession('one')).toBeNull()
    // The first read removes it, so that a stock app does not honour it either.
    expect(await redis.exists(`${prefix}one`, `ended:{${prefix}one}`)).toBe(1)
    release()
    await store.completeEnds()
  })

  it('ends a session started by a server whose clock is ahead (F17)', async () => {
    const { store, prefix, redis } = newStore()
    await store.addSession('one', ofAda())
    const session = JSON.parse((await redis.get(`${prefix}one`)) ?? '')
    session.authKit.startedAt += 300_000
    await redis.set(`${prefix}one`, JSON.stringify(session))
    await redis.del(`sessions-of:{${prefix}${ADA.id}}`)
    await store.endSessions(ADA.id)
    expect(await store.getSession('one')).toBeNull()
  })

  it('does not affect other users or later sign-ins', async () => {
    const { store, release } = heldStore()
    await store.addSession('bob', { passport: { user: BOB } })
    await store.addSession('visitor', {})
    await store.endSessions(ADA.id)
    await store.addSession('later', ofAda())
    release()
    await store.completeEnds()
    for (const id of ['bob', 'visitor', 'later']) expect(await store.getSession(id)).not.toBeNull()
  })

  it('keeps the epoch longer than any session lives, counted from the last sign-in', async () => {
    const { store, prefix, redis } = newStore({ absoluteDays: 30 })
    const epoch = `epoch-of:{${prefix}${ADA.id}}`
    await store.endSessions(ADA.id)
    expect(await redis.pttl(epoch)).toBeGreaterThan(30 * DAY_MS)
    await redis.pexpire(epoch, DAY_MS)
    await store.addSession('one', ofAda())
    expect(await redis.pttl(epoch)).toBeGreaterThan(30 * DAY_MS)
  })

  it('is assumed if Redis has lost the epoch (F6)', async () => {
    const { store, prefix, redis } = newStore()
    await store.addSession('one', ofAda())
    await redis.del(`epoch-of:{${prefix}${ADA.id}}`)
    expect(await store.getSession('one')).toBeNull()
    await store.addSession('two', ofAda())
    expect(await store.getSession('two')).not.toBeNull()
  })
})

describe('endSessions(userId, { except })', () => {
  it('spares the session every time, even in two concurrent calls', async () => {
    const { store } = newStore()
    await store.addSession('this', ofAda())
    for (const round of [1, 2, 3]) {
      // oxlint-disable-next-line no-await-in-loop
      await store.addSession(`other-${round}`, ofAda())
      const endOthers = () => store.endSessions(ADA.id, { except: 'this' })
      // oxlint-disable-next-line no-await-in-loop
      await Promise.all([endOthers(), endOthers()])
      // oxlint-disable-next-line no-await-in-loop
      expect(await store.getSession(`other-${round}`)).toBeNull()
    }
    await store.completeEnds()
    expect(await store.getSession('this')).not.toBeNull()
    await store.endSessions(ADA.id)
    expect(await store.getSession('this')).toBeNull()
  })

  it('does not spare a session that another call ends, however they race (R18)', async () => {
    const { store } = newStore()
    let spared = 0
    for (let round = 0; round < 100; round += 1) {
      const except = `round-${round}`
      // oxlint-disable-next-line no-await-in-loop
      await store.addSession(except, ofAda())
      const ends = [store.endSessions(ADA.id, { except }), store.endSessions(ADA.id)]
      // oxlint-disable-next-line no-await-in-loop
      await Promise.all(round % 2 === 0 ? ends : ends.toReversed())
      // oxlint-disable-next-line no-await-in-loop
      if (await store.getSession(except)) spared += 1
    }
    expect(spared).toBe(0)
  })
})

describe('a stock app’s session, during the search for its user’s sessions,', () => {
  it('is refused; only one that starts after the search is honoured (R26)', async () => {
    const { store, prefix, redis, release } = heldStore()
    await redis.set(`${prefix}stock`, stockJson())
    await redis.set(`${prefix}bob`, stockJson(BOB))
    await store.endSessions(ADA.id)
    expect(await store.getSession('stock')).toBeNull()
    expect(await store.getSession('bob')).not.toBeNull()
    release()
    await store.completeEnds()
    expect(await redis.exists(`${prefix}stock`)).toBe(0)
    await redis.set(`${prefix}stock`, stockJson())
    expect(await store.getSession('stock')).toBeNull()
    await redis.set(`${prefix}new`, stockJson())
    expect(await store.getSession('new')).not.toBeNull()
  })

  it('is refused until another process completes the search of a killed one', async () => {
    const { store: killed, prefix, redis } = heldStore()
    const { store } = newStore({ prefix })
    await redis.set(`${prefix}stock`, stockJson())
    await killed.endSessions(ADA.id)
    expect(await store.getSession('stock')).toBeNull()
    await store.completeEnds()
    expect(await redis.exists(`${prefix}stock`)).toBe(0)
  })

  it('is found in one pass for all users whose sessions end meanwhile', async () => {
    const { store, prefix, redis, release, passes } = heldStore()
    const users = Array.from({ length: 20 }, (_, at) => `user-${at}`)
    await Promise.all(users.map((id) => redis.set(`${prefix}${id}`, stockJson({ ...ADA, id }))))
    await Promise.all(users.map((id) => store.endSessions(id)))
    release()
    await store.completeEnds()
    expect(passes()).toBeLessThanOrEqual(2)
    expect(await redis.exists(users.map((id) => `${prefix}${id}`))).toBe(0)
  })

  it('is not adopted by a read that races endSessions (R26)', async () => {
    const { store, prefix, redis } = newStore()
    const ids = Array.from({ length: 100 }, (_, round) => `round-${round}`)
    for (const id of ids) {
      // oxlint-disable-next-line no-await-in-loop
      await redis.set(`${prefix}${id}`, stockJson())
      // oxlint-disable-next-line no-await-in-loop
      await Promise.all([store.getSession(id), store.endSessions(ADA.id), store.getSession(id)])
    }
    await store.completeEnds()
    const left = await Promise.all(ids.map((id) => store.getSession(id)))
    expect(left.filter((session) => session !== null)).toEqual([])
  })
})

describe('a session stored by a version without epochs', () => {
  /** Stores a session like that version: with its stamps, and in the index. */
  async function storeOld(id: string, { prefix, redis }: ReturnType<typeof newStore>) {
    const signIn = { id: 'an earlier sign-in', at: 1 }
    await redis.set(`${prefix}${id}`, stockJson(ADA, { startedAt: Date.now(), signIn }))
    await redis.zadd(`sessions-of:{${prefix}${ADA.id}}`, Date.now() + DAY_MS, id)
  }

  it('stays signed in with the same sign-in, and ends with the others', async () => {
    const parts = newStore()
    await storeOld('old', parts)
    expect((await parts.store.getSession('old'))?.authKit?.signIn?.id).toBe('an earlier sign-in')
    await parts.store.endSessions(ADA.id)
    expect(await parts.store.getSession('old')).toBeNull()
  })

  it('can be spared', async () => {
    const parts = newStore()
    await storeOld('this', parts)
    await storeOld('other', parts)
    await parts.store.endSessions(ADA.id, { except: 'this' })
    expect(await parts.store.getSession('this')).not.toBeNull()
    expect(await parts.store.getSession('other')).toBeNull()
  })
})

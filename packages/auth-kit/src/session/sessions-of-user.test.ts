import { describe, expect, it } from '@jest/globals'
import { Cookie, type SessionData } from 'express-session'
import { ADA, pause } from '../test-app.fixture.ts'
import { AuthError } from '../errors.ts'
import { newStore } from './new-store.fixture.ts'

const SECOND = 1 / 86_400

/** The content of a session of Ada or the given user; null for a visitor. */
function content(user: SessionData['passport'] | null = { user: ADA }): SessionData {
  return { cookie: new Cookie(), ...(user && { passport: user }) }
}

/** The session of a stock app: express-session's cookie and Passport's user. */
function stockJson(user: unknown = ADA): string {
  return JSON.stringify({ cookie: { originalMaxAge: null, path: '/' }, passport: { user } })
}

/** Retries a 503: among 20,000 reads on a busy machine, one may exceed Redis's deadline of 200 ms. */
async function onceAnswered<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof AuthError)) throw error
    await pause(50)
    return onceAnswered(ask)
  }
}

describe('listSessions', () => {
  it('lists only the sessions of the user', async () => {
    const { store } = newStore()
    await store.addSession('desk', content())
    await store.addSession('phone', content())
    await store.addSession('visitor', content(null))
    await store.addSession('bob', content({ user: { ...ADA, id: 'bob' } }))
    const listed = await store.listSessions(ADA.id)
    expect(listed.map(({ id }) => id).toSorted()).toEqual(['desk', 'phone'])
    expect(listed[0]?.session.passport?.user).toEqual(ADA)
  })

  it('omits sessions that have ended or expired', async () => {
    const { store, prefix, redis } = newStore({ idleDays: 0.3 * SECOND })
    await store.addSession('expired', content())
    await pause(350)
    await store.addSession('ended', content())
    await store.addSession('lost', content())
    await store.addSession('kept', content())
    await store.deleteSession('ended')
    await redis.del(`${prefix}lost`)
    expect((await store.listSessions(ADA.id)).map(({ id }) => id)).toEqual(['kept'])
    expect(await redis.zcard(`sessions-of:{${prefix}${ADA.id}}`)).toBe(1)
  })

  it('lists a session for its whole life, even if every request changes it', async () => {
    const { store } = newStore({ idleDays: 0.3 * SECOND })
    await store.addSession('busy', content())
    for (let visits = 0; visits < 5; visits += 1) {
      await pause(100)
      const session = await store.getSession('busy')
      if (!session) throw new Error('no session')
      await store.updateSession('busy', Object.assign(session, { visits }))
    }
    expect(await store.listSessions(ADA.id)).toHaveLength(1)
  })

  it('keeps no list after the last session has expired', async () => {
    const { store, prefix, redis } = newStore({ idleDays: 0.2 * SECOND })
    await store.addSession('one', content())
    expect(await redis.pttl(`sessions-of:{${prefix}${ADA.id}}`)).toBeGreaterThan(0)
    await pause(300)
    expect(await redis.exists(`sessions-of:{${prefix}${ADA.id}}`)).toBe(0)
  })
})

describe('endSessions', () => {
  it('ends all sessions of the user and nobody else’s', async () => {
    const { store } = newStore()
    await store.addSession('desk', content())
    await store.addSession('phone', content())
    await store.addSession('bob', content({ user: { ...ADA, id: 'bob' } }))
    await store.endSessions(ADA.id)
    expect(await store.getSession('desk')).toBeNull()
    expect(await store.getSession('phone')).toBeNull()
    expect(await store.getSession('bob')).not.toBeNull()
    expect(await store.listSessions(ADA.id)).toEqual([])
  })

  it('ends 20,000 sessions of a user, even if some in the list are already gone (R18, R28)', async () => {
    const { store, prefix, redis } = newStore()
    const index = `sessions-of:{${prefix}${ADA.id}}`
    await store.addSession('known', content())
    const json = (await redis.get(`${prefix}known`)) ?? ''
    const endsAt = Date.now() + 60_000
    for (let at = 0; at < 20_000; at += 1000) {
      const ids = Array.from({ length: 1000 }, (_, one) => `many-${at + one}`)
      const stored = ids.filter((_, one) => one % 10 > 0)
      // oxlint-disable-next-line no-await-in-loop
      await redis.mset(stored.flatMap((id) => [`${prefix}${id}`, json]))
      // oxlint-disable-next-line no-await-in-loop
      await redis.zadd(index, ...ids.flatMap((id) => [endsAt, id]))
    }
    expect(await onceAnswered(() => store.listSessions(ADA.id))).toHaveLength(18_001)
    await onceAnswered(() => store.endSessions(ADA.id))
    expect(await redis.exists(index)).toBe(0)
    expect(await store.getSession('many-19999')).toBeNull()
  })

  it('spares the session named by `except`', async () => {
    const { store } = newStore()
    await store.addSession('this', content())
    await store.addSession('other', content())
    await store.endSessions(ADA.id, { except: 'this' })
    expect((await store.listSessions(ADA.id)).map(({ id }) => id)).toEqual(['this'])
  })

  it('ends a stock app’s session that the kit has never seen', async () => {
    const { store, prefix, redis } = newStore()
    await redis.set(`${prefix}stock`, stockJson())
    await store.endSessions(ADA.id)
    expect(await store.getSession('stock')).toBeNull()
    await store.completeEnds()
    expect(await redis.exists(`${prefix}stock`)).toBe(0)
    await redis.set(`${prefix}stock`, stockJson())
    expect(await store.getSession('stock')).toBeNull()
  })

  it('ends it whatever characters the user’s id contains', async () => {
    const { store, prefix, redis } = newStore()
    const id = String.raw`"quoted" \ {id}`
    await redis.set(`${prefix}stock`, stockJson({ ...ADA, id }))
    await store.endSessions(id)
    await store.completeEnds()
    expect(await redis.exists(`${prefix}stock`)).toBe(0)
  })

  it('ignores keys of other types and corrupted sessions', async () => {
    const { store, prefix, redis } = newStore()
    await redis.hset(`${prefix}hash`, 'id', ADA.id)
    await redis.set(`${prefix}corrupted`, `{"cookie":"${ADA.id}"`)
    await redis.set(`${prefix}stock`, stockJson())
    await store.endSessions(ADA.id)
    await store.completeEnds()
    expect(await redis.exists(`${prefix}stock`)).toBe(0)
  })

  it('treats glob characters in the prefix literally', async () => {
    const { prefix } = newStore()
    const glob = `${prefix}[a-z]*?\\:`
    const { store, redis } = newStore({ prefix: glob })
    const other = `${prefix}bXX\\:one`
    await redis.set(other, stockJson())
    await redis.set(`${glob}one`, stockJson())
    await store.endSessions(ADA.id)
    await store.completeEnds()
    expect(await redis.exists(`${glob}one`)).toBe(0)
    expect(await redis.exists(other)).toBe(1)
  })

  it('changes the epoch, so that a sign-in in progress notices', async () => {
    const { store } = newStore()
    const before = await store.readEpoch(ADA.id)
    expect(await store.readEpoch(ADA.id)).toBe(before)
    await store.endSessions(ADA.id)
    await store.addSession('late', content())
    const after = await store.readEpoch(ADA.id)
    expect(after).not.toBe(before)
    await store.endSessions(ADA.id, { except: 'late' })
    expect(await store.readEpoch(ADA.id)).not.toBe(after)
  })

  it('leaves no session that a racing sign-in would hand out', async () => {
    const { store } = newStore()
    let handedOut = 0
    for (let round = 0; round < 200; round += 1) {
      const id = `round-${round}`
      const signIn = async () => {
        const epoch = await store.readEpoch(ADA.id)
        if (round % 2 === 0) await pause(0)
        await store.addSession(id, content())
        return (await store.readEpoch(ADA.id)) === epoch
      }
      const [isGood] = await Promise.all([signIn(), store.endSessions(ADA.id)])
      if (isGood && (await store.getSession(id))) handedOut += 1
    }
    expect(handedOut).toBe(0)
  })
})

describe('sessions created by a stock app', () => {
  it('are adopted on the first read: stamped, limited and listed', async () => {
    const { store, prefix, redis } = newStore()
    await redis.set(`${prefix}stock`, stockJson())
    const session = await store.getSession('stock')
    expect(session?.authKit?.startedAt).toBeGreaterThan(Date.now() - 5000)
    expect(await redis.pttl(`${prefix}stock`)).toBeGreaterThan(0)
    expect((await store.listSessions(ADA.id)).map(({ id }) => id)).toEqual(['stock'])
  })

  it('do not count as a recent sign-in, since its time is unknown', async () => {
    const { store, prefix, redis } = newStore()
    await redis.set(`${prefix}stock`, stockJson())
    expect((await store.getSession('stock'))?.authKit?.signIn?.at).toBe(0)
    await store.addSession('kit', content())
    expect((await store.getSession('kit'))?.authKit?.signIn?.at).toBeGreaterThan(Date.now() - 5000)
  })

  it('are not revived by a plain write, and the next read removes them (C1)', async () => {
    const { store, prefix, redis } = newStore()
    await redis.set(`${prefix}stock`, stockJson())
    await store.deleteSession('stock')
    await redis.set(`${prefix}stock`, stockJson())
    expect(await store.getSession('stock')).toBeNull()
    expect(await redis.exists(`${prefix}stock`)).toBe(0)
  })
})

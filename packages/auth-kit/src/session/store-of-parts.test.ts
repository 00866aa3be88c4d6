import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { testRedis } from '../../../../tools/testing/test-services.ts'
import {
  createSessionStore,
  redisSessionCache,
  redisUserIndex,
  SessionStore,
  type SessionCache,
} from '../session.ts'
import { ADA } from '../test-app.fixture.ts'

const limits = { idleMs: 60_000, absoluteMs: 120_000 }

let services: Awaited<ReturnType<typeof testRedis>>
beforeAll(async () => {
  services = await testRedis()
})
afterAll(() => services.close())

function newParts() {
  const prefix = `${services.prefix}${randomBytes(4).toString('hex')}:`
  const options = { redis: services.redis, prefix }
  return { options, cache: redisSessionCache(options), index: redisUserIndex(options) }
}

describe('new SessionStore({ cache, index, limits })', () => {
  it('with the parts for Redis equals createSessionStore', async () => {
    const { options, cache, index } = newParts()
    const store = new SessionStore({ cache, index, limits })
    await store.addSession('one', { passport: { user: ADA } })
    const usual = createSessionStore(options)
    expect((await usual.getSession('one'))?.passport?.user).toEqual(ADA)
    expect((await usual.listSessions(ADA.id)).map(({ id }) => id)).toEqual(['one'])
    await usual.endSessions(ADA.id)
    expect(await store.getSession('one')).toBeNull()
    expect(await store.readEpoch(ADA.id)).toBe(await usual.readEpoch(ADA.id))
  })

  it('accepts a cache wrapped by the app', async () => {
    const { cache, index } = newParts()
    const asked: string[] = []
    const counting: SessionCache = {
      ...cache,
      getSession(id) {
        asked.push(id)
        return cache.getSession(id)
      },
    }
    const store = new SessionStore({ cache: counting, index, limits })
    await store.addSession('one', {})
    expect(await store.getSession('one')).not.toBeNull()
    expect(asked).toEqual(['one'])
  })

  it.each([{ idleMs: 0 }, { idleMs: 0.5 }, { absoluteMs: Number.NaN }])(
    'refuses limits that are not whole milliseconds: %j',
    (wrong) => {
      const { cache, index } = newParts()
      const build = () => new SessionStore({ cache, index, limits: { ...limits, ...wrong } })
      expect(build).toThrow(/limits: (idle|absolute)Ms/)
    },
  )
})

describe('redisSessionCache and redisUserIndex', () => {
  it('have the prefix `sess:` by default', async () => {
    const id = randomBytes(12).toString('hex')
    const { redis } = services
    const endsAt = Date.now() + 5000
    await redisSessionCache({ redis }).addSession(id, '{}', { idleMs: 5000, endsAt })
    await redisUserIndex({ redis }).add(id, 'one', endsAt)
    for (const key of [`sess:${id}`, `sessions-of:{sess:${id}}`]) {
      expect(await redis.del(key)).toBe(1)
    }
  })

  it('refuse a prefix that chooses the Cluster slot, and a client with a keyPrefix', () => {
    const { redis } = services
    const other = redis.duplicate({ keyPrefix: 'shop:', lazyConnect: true })
    for (const part of [redisSessionCache, redisUserIndex]) {
      expect(() => part({ redis, prefix: '{shop}:sess:' })).toThrow(/prefix/)
      expect(() => part({ redis: other })).toThrow(/keyPrefix/)
    }
  })
})

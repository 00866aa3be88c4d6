import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { startOperatedServer } from '../../../testing/operated-server.fixture.ts'

let server: Awaited<ReturnType<typeof startOperatedServer>>
beforeAll(async () => {
  server = await startOperatedServer()
})
afterAll(() => server.close())

describe('restore acknowledge', () => {
  it('ends all sessions and then the hold (F5)', async () => {
    const { cookies, username } = await restoredSessions()
    expect(await Promise.all(cookies.map(server.isSignedIn))).not.toContain(true)

    const { released, ended } = await server.cli.json(['restore', 'acknowledge', '--yes'])
    expect(released).toBe(true)
    expect(ended).toBeGreaterThanOrEqual(cookies.length)
    expect(await Promise.all(cookies.map(server.isSignedIn))).not.toContain(true)
    expect(await server.isSignedIn(await server.signIn(username))).toBe(true)
    expect(await server.audited({ event: 'redis_restored' })).toMatchObject([
      { details: { result: 'sessions ended' } },
    ])
  })

  it('honours the restored sessions with --keep-sessions', async () => {
    const { cookies } = await restoredSessions()
    expect(await Promise.all(cookies.map(server.isSignedIn))).not.toContain(true)
    await server.cli.json(['restore', 'acknowledge', '--keep-sessions', '--yes'])
    expect(await Promise.all(cookies.map(server.isSignedIn))).not.toContain(false)
  })

  it('does nothing if sessions are not on hold', async () => {
    const cookie = await server.signIn((await server.addUser()).username)
    expect(await server.cli.json(['restore', 'acknowledge', '--yes'])).toEqual({
      released: false,
      ended: 0,
    })
    expect(await server.isSignedIn(cookie)).toBe(true)
  })
})

/** Sessions that were signed out and then brought back by a backup of Redis. */
async function restoredSessions() {
  const { username } = await server.addUser()
  const cookies = await Promise.all(Array.from({ length: 5 }, () => server.signIn(username)))
  const backup = await snapshot()
  await Promise.all(
    cookies.map((cookie) => request(server.app).post('/logout').set('Cookie', cookie)),
  )
  await backup.restore()
  return { cookies, username }
}

/** Saves everything in Redis; `restore` replaces its later content with it. */
async function snapshot() {
  const { redis } = server
  const keys = await redis.keys('*')
  const values = await Promise.all(keys.map((key) => redis.dumpBuffer(key)))
  return {
    async restore() {
      await redis.flushall()
      await Promise.all(keys.map((key, at) => redis.restore(key, 0, values[at] ?? '')))
    },
  }
}

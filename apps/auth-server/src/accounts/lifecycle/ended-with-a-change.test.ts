import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createLogger } from 'service-kit'
import { completeChanges } from './complete-changes.ts'
import { startTestApp } from '../../../testing/auth-server.fixture.ts'
import { createSessionStore, openRedis } from 'auth-kit/session'
import { findUserById } from '../../users/find-user.ts'
import { setRoles } from './set-roles.ts'
import { suspendUser } from './suspend-user.ts'

let server: Awaited<ReturnType<typeof startTestApp>>
beforeAll(async () => {
  server = await startTestApp()
})
afterAll(() => server.close())

type Who = { id: string; username: string }

const changes = {
  'a suspension': (deps: Parameters<typeof suspendUser>[0], user: Who) =>
    suspendUser(deps, user, null),
  'a change of roles': (deps: Parameters<typeof setRoles>[0], user: Who) =>
    setRoles(deps, { ...user, roles: [] }, { roles: ['admin'], from: null }),
}

describe.each(Object.entries(changes))('%s while Redis is down', (_name, change) => {
  it('is stored with the mark to end all sessions, which the sweep completes (R26)', async () => {
    const { users, invites, signIns, factors, audit } = server
    const user = await server.addUser()
    const down = openRedis(server.config.redisUrl, () => undefined)
    down.disconnect()
    await expect(
      change({ users, signIns, audit, store: createSessionStore({ redis: down }) }, user),
    ).rejects.toThrow()
    const { id } = user
    expect((await findUserById(users, id))?.sessionsToEnd).toBeInstanceOf(Date)

    const store = createSessionStore({ redis: server.redis, prefix: `${server.keyPrefix}sess:` })
    const before = await store.readEpoch(id)
    const logger = createLogger({ name: 'test', level: 'silent', pretty: false })
    const now = new Date(Date.now() + 60_000)
    await completeChanges({ users, invites, signIns, factors, store, logger }, { now })
    expect((await findUserById(users, id))?.sessionsToEnd).toBeNull()
    expect(await store.readEpoch(id)).not.toBe(before)
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createLogger } from 'service-kit'
import { completeChanges } from '../account/complete-changes.ts'
import { startTestApp } from '../auth-server.fixture.ts'
import { createSessionStore, openRedis } from 'auth-kit/session'
import { findUserById } from './find-user.ts'
import { setRoles } from './set-roles.ts'
import { suspendUser } from './suspend-user.ts'

let server: Awaited<ReturnType<typeof startTestApp>>
beforeAll(async () => {
  server = await startTestApp()
})
afterAll(() => server.close())

const changes = {
  'a suspension': suspendUser,
  'a change of roles': (deps: Parameters<typeof setRoles>[0], id: string) =>
    setRoles(deps, { id, roles: [] }, ['admin']),
}

describe.each(Object.entries(changes))('%s while Redis is away', (_name, change) => {
  it('is written with the mark that sessions have to end, which the sweep completes (R26)', async () => {
    const { users, invites, signIns } = server
    const { id } = await server.addUser()
    const away = openRedis(server.config.redisUrl, () => undefined)
    away.disconnect()
    await expect(
      change({ users, signIns, store: createSessionStore({ redis: away }) }, id),
    ).rejects.toThrow()
    expect((await findUserById(users, id))?.sessionsToEnd).toBeInstanceOf(Date)

    const store = createSessionStore({ redis: server.redis, prefix: `${server.keyPrefix}sess:` })
    const before = await store.readEpoch(id)
    const logger = createLogger({ name: 'test', level: 'silent', pretty: false })
    const now = new Date(Date.now() + 60_000)
    await completeChanges({ users, invites, signIns, store, logger }, { now })
    expect((await findUserById(users, id))?.sessionsToEnd).toBeNull()
    expect(await store.readEpoch(id)).not.toBe(before)
  })
})

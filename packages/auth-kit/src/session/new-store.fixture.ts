import { afterAll, beforeAll } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { testRedis } from '../../../../tools/testing/test-services.ts'
import { createSessionStore, type SessionStoreOptions } from './create-session-store.ts'

let services: Awaited<ReturnType<typeof testRedis>>
beforeAll(async () => {
  services = await testRedis()
})
afterAll(() => services.close())

/** A store with its own prefix, invisible to other tests. */
export function newStore(options: Partial<SessionStoreOptions> = {}) {
  const prefix = `${services.prefix}${randomBytes(4).toString('hex')}:`
  const store = createSessionStore({ redis: services.redis, prefix, ...options })
  return { store, prefix: options.prefix ?? prefix, redis: services.redis }
}

import { afterAll, beforeAll } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { testRedis } from '../../../../tools/testing/test-services.ts'
import { createSessionStore, type SessionStoreOptions } from './create-session-store.ts'
import type { SessionStore } from './session-store.ts'

const stores: SessionStore[] = []
let services: Awaited<ReturnType<typeof testRedis>>
beforeAll(async () => {
  services = await testRedis()
})
afterAll(async () => {
  // A search in the background would meet a closed connection.
  await Promise.allSettled(stores.map((store) => store.completeEnds()))
  await services.close()
})

/** A store with its own prefix, invisible to other tests. */
export function newStore(options: Partial<SessionStoreOptions> = {}) {
  const prefix = `${services.prefix}${randomBytes(4).toString('hex')}:`
  const store = createSessionStore({ redis: services.redis, prefix, ...options })
  stores.push(store)
  return { store, prefix: options.prefix ?? prefix, redis: services.redis }
}

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { testRedis } from '../../../../../tools/testing/test-services.ts'
import { createSignUpLocks, type SignUpClaim, type SignUpLocks } from './sign-up-locks.ts'

let shared: Awaited<ReturnType<typeof testRedis>>
let locks: SignUpLocks
let count = 0

beforeAll(async () => {
  shared = await testRedis()
  locks = createSignUpLocks(shared.redis, shared.prefix)
})
afterAll(() => shared.close())

function newClaim(): SignUpClaim {
  count += 1
  return { invite: `invite-${count}`, username: `name-${count}`, email: `${count}@mail.test` }
}

describe('a sign-up in flight', () => {
  it('is known by its invite, its name and its address, each alone, until it ends', async () => {
    const claim = newClaim()
    const owner = await locks.acquire(claim)
    for (const field of ['invite', 'username', 'email'] as const) {
      const other = { ...newClaim(), [field]: claim[field] }
      // oxlint-disable-next-line no-await-in-loop
      expect(await locks.isHeld(other)).toBe(true)
      // oxlint-disable-next-line no-await-in-loop
      expect(await locks.acquire(other)).toBeNull()
    }
    await locks.release(claim, owner ?? '')
    expect(await locks.isHeld(claim)).toBe(false)
  })

  it('leaves nothing behind where it could not begin', async () => {
    const [first, second] = [newClaim(), newClaim()]
    await locks.acquire(first)
    expect(await locks.acquire({ ...second, email: first.email })).toBeNull()
    expect(await locks.isHeld(second)).toBe(false)
  })

  it('one of 50 at once begins', async () => {
    const claim = newClaim()
    const begun = await Promise.all(Array.from({ length: 50 }, () => locks.acquire(claim)))
    expect(begun.filter((owner) => owner !== null)).toHaveLength(1)
  })

  it('is ended by its owner alone', async () => {
    const claim = newClaim()
    await locks.acquire(claim)
    await locks.release(claim, 'somebody else')
    expect(await locks.isHeld(claim)).toBe(true)
  })

  it('ends by itself where its server died, and shows nobody who it was', async () => {
    const claim = newClaim()
    await locks.acquire(claim)
    const keys = await shared.redis.keys(`${shared.prefix}*`)
    expect(keys.join()).not.toMatch(/mail\.test|name-/)
    for (const key of keys) {
      // oxlint-disable-next-line no-await-in-loop
      const left = await shared.redis.pttl(key)
      expect(left).toBeGreaterThan(0)
      expect(left).toBeLessThanOrEqual(15_000)
    }
  })
})

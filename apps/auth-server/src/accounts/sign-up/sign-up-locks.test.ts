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

describe('sign-up locks', () => {
  it('hold for the invite, the name and the address, each alone, until released', async () => {
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

  it('hold nothing if one of them could not be acquired', async () => {
    const [first, second] = [newClaim(), newClaim()]
    await locks.acquire(first)
    expect(await locks.acquire({ ...second, email: first.email })).toBeNull()
    expect(await locks.isHeld(second)).toBe(false)
  })

  it('go to one of 50 concurrent sign-ups', async () => {
    const claim = newClaim()
    const begun = await Promise.all(Array.from({ length: 50 }, () => locks.acquire(claim)))
    expect(begun.filter((owner) => owner !== null)).toHaveLength(1)
  })

  it('are released by their owner only', async () => {
    const claim = newClaim()
    await locks.acquire(claim)
    await locks.release(claim, 'somebody else')
    expect(await locks.isHeld(claim)).toBe(true)
  })

  it('expire if the server dies, and reveal neither name nor address', async () => {
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

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { checkPassword, missingCosts } from './check-password.ts'
import { createUser } from './create-user.ts'
import { findUserById } from './find-user.ts'
import { hashCost, hashPassword } from './hashing/hash-password.ts'
import { newUser, testUsers } from '../../testing/users.fixture.ts'
import type { User } from './user.model.ts'

let world: Awaited<ReturnType<typeof testUsers>>
beforeAll(async () => {
  world = await testUsers()
})
afterAll(() => world.close())

const create = (password: string) => createUser(world, newUser({ password }))

function check(user: User | null, password: string, cost = 4): Promise<boolean> {
  return checkPassword({ users: world.users, cost }, { user, password })
}

describe('checkPassword', () => {
  it('tells the right password from a wrong one', async () => {
    const user = await create('seven quiet rivers meet')
    expect(await check(user, 'seven quiet rivers meet')).toBe(true)
    expect(await check(user, 'seven quiet rivers meat')).toBe(false)
    expect(await check(user, '')).toBe(false)
  })

  it('compares all of 64 emoji, beyond bcrypt’s 72 bytes (R2, C23)', async () => {
    const password = '😀'.repeat(64)
    const user = await create(password)
    expect(await check(user, password)).toBe(true)
    expect(await check(user, '😀'.repeat(63) + '😁')).toBe(false)
    expect(await check(user, '😀'.repeat(18))).toBe(false)
  })

  it('does not end at a NUL (R2)', async () => {
    const user = await create('seven quiet\u0000rivers meet')
    expect(await check(user, 'seven quiet\u0000rivers meat')).toBe(false)
    expect(await check(user, 'seven quiet\u0000rivers meet')).toBe(true)
  })

  it('accepts the same password in any Unicode form (NFKC)', async () => {
    const user = await create('ma\u00F1ana por la ma\u00F1ana')
    expect(await check(user, 'man\u0303ana por la man\u0303ana')).toBe(true)
  })

  it('is false for an unknown user and for an invalid hash', async () => {
    const user = await create('seven quiet rivers meet')
    expect(await check(null, 'seven quiet rivers meet')).toBe(false)
    expect(await check({ ...user, passwordHash: 'plain' }, 'plain')).toBe(false)
  })

  it('rehashes the right password if the cost was raised, and only then (R8)', async () => {
    const user = await create('seven quiet rivers meet')
    await check(user, 'wrong wrong wrong', 5)
    expect((await findUserById(world.users, user.id))?.passwordHash).toBe(user.passwordHash)
    await check(user, 'seven quiet rivers meet', 5)
    const raised = await findUserById(world.users, user.id)
    expect(hashCost(raised?.passwordHash ?? '')).toBe(5)
    expect(await check(raised, 'seven quiet rivers meet', 5)).toBe(true)
    await check(raised, 'seven quiet rivers meet', 4)
    expect(await findUserById(world.users, user.id)).toEqual(raised)
  })

  it('does not undo a password change that came in between (R8)', async () => {
    const read = await create('seven quiet rivers meet')
    const changed = await hashPassword('eight loud rivers part', 4)
    await world.users.updateOne({ _id: read.id }, { $set: { passwordHash: changed } })
    expect(await check(read, 'seven quiet rivers meet', 5)).toBe(true)
    expect((await findUserById(world.users, read.id))?.passwordHash).toBe(changed)
  })
})

describe('a wrong password', () => {
  it.each([
    [4, 12],
    [10, 12],
    [12, 12],
  ])(
    'takes as much work for a hash of cost %i as for one of cost %i (R9, C25)',
    (stored, wanted) => {
      const work = [stored, ...missingCosts(stored, wanted)].reduce(
        (sum, cost) => sum + 2 ** cost,
        0,
      )
      expect(work).toBe(2 ** wanted)
    },
  )

  it('takes as much work for an unknown user and for an old hash as for a new one (R9, C25)', async () => {
    const old = await create('seven quiet rivers meet')
    const fresh = { ...old, passwordHash: await hashPassword('seven quiet rivers meet', 10) }
    const garbled = { ...old, passwordHash: 'none' }
    const expected = await medianOf(() => check(fresh, 'wrong', 10))
    for (const user of [null, old, garbled]) {
      const ratio = (await medianOf(() => check(user, 'wrong', 10))) / expected
      // Loose on purpose: without the added work it would be 0.02.
      expect(ratio).toBeGreaterThan(0.4)
      expect(ratio).toBeLessThan(2.5)
    }
  })
})

/** Processor time, which does not depend on how busy the machine is. */
async function medianOf(act: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < 7; round += 1) {
    const started = process.cpuUsage()
    // oxlint-disable-next-line no-await-in-loop
    await act()
    times.push(process.cpuUsage(started).user)
  }
  return times.toSorted((a, b) => a - b)[3] ?? 0
}

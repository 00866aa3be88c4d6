import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createUser } from './create-user.ts'
import { findUserById, findUserByLogin } from './find-user.ts'
import { publicUser } from './public-user.ts'
import { newUser, passphrase, testUsers } from '../../testing/users.fixture.ts'

let world: Awaited<ReturnType<typeof testUsers>>
beforeAll(async () => {
  world = await testUsers()
})
afterAll(() => world.close())

const find = (login: unknown) => Reflect.apply(findUserByLogin, undefined, [world.users, login])
const create = (given: Parameters<typeof newUser>[0]) => createUser(world, newUser(given))

describe('createUser', () => {
  it('stores a user that is found by name and by e-mail address, in any case', async () => {
    const user = await create({ username: 'Tess', email: 'Tess.Kay@Mail.test' })
    expect(user).toMatchObject({ username: 'Tess', email: 'Tess.Kay@Mail.test', suspendedAt: null })
    expect(await findUserByLogin(world.users, 'tESS')).toEqual(user)
    expect(await findUserByLogin(world.users, 'tess.kay@MAIL.test')).toEqual(user)
    expect(await findUserById(world.users, user.id)).toEqual(user)
  })

  it('refuses a name that is taken in another spelling (C22)', async () => {
    await create({ username: 'Mike.k' })
    await expect(
      create({ username: 'mi\u212Ae.K', email: 'other@mail.test' }),
    ).rejects.toMatchObject({
      status: 409,
      code: 'username_taken',
    })
  })

  it('refuses an e-mail address that is taken in another spelling, but tells mıke from mike (C22)', async () => {
    await create({ email: 'mike@mail.test' })
    await create({ email: 'mıke@mail.test' })
    await expect(create({ email: 'MIKE@mail.test' })).rejects.toMatchObject({
      status: 409,
      code: 'email_taken',
    })
    expect((await findUserByLogin(world.users, 'mıke@mail.test'))?.email).toBe('mıke@mail.test')
  })

  it('refuses an e-mail address that looks like another one, whether or not that is taken (C22)', async () => {
    await create({ email: 'squatted@mail.test' })
    for (const email of ['ｓquatted@mail.test', 'ｆree@mail.test'])
      // oxlint-disable-next-line no-await-in-loop
      await expect(create({ email })).rejects.toMatchObject({
        status: 400,
        fields: [expect.objectContaining({ field: 'email' })],
      })
  })

  it('reports the name if both name and address are taken', async () => {
    const both = { username: 'both', email: 'both@mail.test' }
    await create(both)
    await expect(create(both)).rejects.toMatchObject({ code: 'username_taken' })
  })

  it('gives a name to exactly one of 50 concurrent calls', async () => {
    const attempts = Array.from({ length: 50 }, (_, i) =>
      create({ username: 'wanted', email: `wanted${i}@mail.test` }),
    )
    const outcomes = await Promise.allSettled(attempts)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('reports the problems of every field', async () => {
    const wrong = { username: 'a@b', email: 'nowhere', password: 'eleven eels' }
    await expect(create(wrong)).rejects.toMatchObject({
      status: 400,
      code: 'invalid_input',
      fields: [{ field: 'username' }, { field: 'email' }, { field: 'password' }],
    })
  })

  it('never stores the password itself', async () => {
    const user = await create({})
    const record = await world.users.findById(user.id).lean()
    expect(JSON.stringify(record)).not.toContain(passphrase)
    expect(user.passwordHash).toMatch(/^\$2b\$04\$/)
  })
})

describe('findUserByLogin', () => {
  it('is null for an unknown login', async () => {
    expect(await findUserByLogin(world.users, 'nobody-here')).toBeNull()
    expect(await findUserByLogin(world.users, '')).toBeNull()
  })

  it('accepts nothing but text (C16, R41)', async () => {
    await create({})
    await expect(find({ $ne: null })).rejects.toThrow(TypeError)
    await expect(find(['a'])).rejects.toThrow(TypeError)
    expect(await find('{"$ne":null}')).toBeNull()
  })
})

describe('findUserById', () => {
  it.each(['', 'x', '0'.repeat(24), '0'.repeat(12)])('is null for %j', async (id) => {
    expect(await findUserById(world.users, id)).toBeNull()
  })
})

describe('the user model', () => {
  it('refuses undeclared fields and conditions (C16, R42)', async () => {
    const user = await create({})
    const update = { $set: { admin: true } }
    await expect(world.users.updateOne({ _id: user.id }, update)).rejects.toThrow(/not in schema/)
    await expect(world.users.findOne({ admin: true }).lean()).rejects.toThrow(/not in schema/)
  })
})

describe('publicUser', () => {
  it('gives the public fields and nothing else, never the hash (R42)', async () => {
    const user = await create({ username: 'public', email: 'public@mail.test' })
    expect(publicUser({ ...user, roles: ['admin'] })).toEqual({
      id: user.id,
      username: 'public',
      email: 'public@mail.test',
      roles: ['admin'],
      verifiedAt: null,
    })
    const verifiedAt = new Date('2026-01-02T03:04:05Z')
    expect(publicUser({ ...user, verifiedAt }).verifiedAt).toBe('2026-01-02T03:04:05.000Z')
  })
})

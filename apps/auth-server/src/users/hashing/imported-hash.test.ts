import { scryptSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { argon2d, argon2i, argon2id, hash as argon2 } from 'argon2'
import bcrypt from 'bcrypt'
import { checkPassword } from '../check-password.ts'
import { createUser } from '../create-user.ts'
import { findUserById } from '../find-user.ts'
import { importedHashProblem } from './imported-hash-problem.ts'
import { storedImportedHash } from './imported-hash.ts'
import { hashCost } from './hash-password.ts'
import { newUser, testUsers } from '../../../testing/users.fixture.ts'

const password = 'Straße, 12 – ünïcode'
const cheap = { memoryCost: 1024, timeCost: 2, parallelism: 1 }

function scryptHash({ ln = 4, r = 8, p = 1 } = {}): string {
  const salt = Buffer.from('a salt of sixteen')
  const key = scryptSync(password, salt, 32, { N: 2 ** ln, r, p })
  const bare = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
  return `$scrypt$ln=${ln},r=${r},p=${p}$${bare(salt)}$${bare(key)}`
}

/** With the parameters in the order of the specification, which this library does not use. */
function inOrder(hash: string): string {
  return hash.replace(/\$m=1024,p=1,t=2\$/, '$$m=1024,t=2,p=1$$')
}

const bcryptHash = bcrypt.hashSync(password, 4)
const hashes: [string, () => Promise<string>][] = [
  ['bcrypt $2b$', async () => bcryptHash],
  ['bcrypt $2a$', async () => bcryptHash.replace('$2b$', '$2a$')],
  ['bcrypt $2y$', async () => bcryptHash.replace('$2b$', '$2y$')],
  ['argon2id', () => argon2(password, { ...cheap, type: argon2id })],
  ['argon2i', () => argon2(password, { ...cheap, type: argon2i })],
  ['argon2d', () => argon2(password, { ...cheap, type: argon2d })],
  ['argon2id, m,t,p', async () => inOrder(await argon2(password, cheap))],
  ['scrypt', async () => scryptHash()],
]

let world: Awaited<ReturnType<typeof testUsers>>
beforeAll(async () => {
  world = await testUsers()
})
afterAll(() => world.close())

async function userWith(hash: string) {
  const user = await createUser(world, newUser())
  await world.users.updateOne({ username: user.username }, { $set: { passwordHash: hash } })
  return user.id
}

async function isRight(id: string, attempt: string): Promise<boolean> {
  const user = await findUserById(world.users, id)
  return checkPassword({ users: world.users, cost: 5 }, { user, password: attempt })
}

async function hashOf(id: string): Promise<string> {
  return (await findUserById(world.users, id))?.passwordHash ?? ''
}

describe.each(hashes)('an imported hash: %s', (_name, make) => {
  it('checks a password, and a right one is hashed anew (R8)', async () => {
    const stored = storedImportedHash(await make()) ?? ''
    const id = await userWith(stored)
    expect(await isRight(id, `${password}!`)).toBe(false)
    expect(await hashOf(id)).toBe(stored)
    expect(await isRight(id, password)).toBe(true)
    expect(hashCost(await hashOf(id))).toBe(5)
    expect([await isRight(id, password), await isRight(id, `${password}!`)]).toEqual([true, false])
  })
})

describe('a stored hash', () => {
  it('is never mistaken for the other kind: theirs is over the password, ours over a digest', async () => {
    const theirs = await userWith(bcryptHash)
    expect(await isRight(theirs, password)).toBe(false)
    const own = await createUser(world, { ...newUser(), password })
    const asForeign = await userWith(storedImportedHash(own.passwordHash) ?? '')
    expect(await isRight(asForeign, password)).toBe(false)
  })

  it('matches no password if there is none', async () => {
    const id = await userWith('none')
    expect([await isRight(id, 'none'), await isRight(id, '')]).toEqual([false, false])
  })
})

const like = { salt: 'a'.repeat(22), key: 'a'.repeat(43) }

function argon2Like({ m = 4096, p = 1, salt = like.salt, key = like.key } = {}): string {
  return `$argon2id$v=19$m=${m},t=3,p=${p}$${salt}$${key}`
}

function scryptLike({ ln = 14, r = 8, p = 1, salt = like.salt, key = like.key } = {}): string {
  return `$scrypt$ln=${ln},r=${r},p=${p}$${salt}$${key}`
}

describe('a hash that is accepted', () => {
  it.each([
    ['Argon2 of 16 lanes', argon2Like({ p: 16 })],
    ['Argon2 of 256 MiB', argon2Like({ m: 262_144 })],
    ['scrypt of 256 MiB', scryptLike({ ln: 18 })],
    ['scrypt of 16 times 16 MiB', scryptLike({ p: 16 })],
  ])('is %s', (_what, hash) => {
    expect(importedHashProblem(hash)).toBeUndefined()
  })
})

describe('a hash that is refused', () => {
  it.each([
    ['of an unknown kind', '5f4dcc3b5aa765d61d8327deb882cf99'],
    ['in the clear', 'correct horse'],
    ['bcrypt that takes minutes', bcryptHash.replace('$04$', '$31$')],
    ['bcrypt cut short', bcryptHash.slice(0, -1)],
    [
      'Argon2 that takes gigabytes',
      `$argon2id$v=19$m=4194304,t=3,p=1$${'a'.repeat(22)}$${'a'.repeat(43)}`,
    ],
    ['Argon2 of 99 rounds', `$argon2id$v=19$m=4096,t=99,p=1$${'a'.repeat(22)}$${'a'.repeat(43)}`],
    ['scrypt that takes gigabytes', `$scrypt$ln=24,r=8,p=1$${'a'.repeat(22)}$${'a'.repeat(43)}`],
    ['Argon2 of 17 lanes', argon2Like({ p: 17 })],
    ['Argon2 with less memory than its lanes need', argon2Like({ m: 8, p: 2 })],
    ['Argon2 with a salt of a kilobyte', argon2Like({ salt: 'a'.repeat(1366) })],
    ['Argon2 with a key of a kilobyte', argon2Like({ key: 'a'.repeat(1366) })],
    ['scrypt whose parts together take gigabytes', scryptLike({ ln: 17, p: 16 })],
    ['scrypt with invalid parameters', scryptLike({ ln: 16, r: 1 })],
    ['scrypt with a salt of a kilobyte', scryptLike({ salt: 'a'.repeat(1366) })],
    ['scrypt with a key of a kilobyte', scryptLike({ key: 'a'.repeat(1366) })],
    ['scrypt without parameters', `$scrypt$${'a'.repeat(22)}$${'a'.repeat(43)}`],
  ])('is %s', (_what, hash) => {
    expect(storedImportedHash(hash)).toBeUndefined()
    expect(importedHashProblem(hash)).toMatch(/^[A-Z].*\.$/)
  })
})

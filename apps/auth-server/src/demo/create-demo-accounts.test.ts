import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { checkPassword } from '../users/check-password.ts'
import { findUserByLogin } from '../users/find-user.ts'
import { testUsers } from '../../testing/users.fixture.ts'
import { childEnv } from '../../../../tools/testing/child-env.ts'

const script = fileURLToPath(new URL('create-demo-accounts.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'demo-accounts-'))
const file = join(folder, 'accounts.json')

let world: Awaited<ReturnType<typeof testUsers>>
beforeAll(async () => {
  world = await testUsers()
})
afterAll(async () => {
  await world.close()
  rmSync(folder, { recursive: true })
})

type Account = { username: string; email: string; password: string; roles: string[] }

async function run(env: Record<string, string> = {}, path = file) {
  const { host, port, name } = world.connection
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['-C', 'source', script, '--file', path],
    {
      env: childEnv({ MONGO_URL: `mongodb://${host}:${port}/${name}`, BCRYPT_COST: '4', ...env }),
    },
  )
  const accounts: Account[] = JSON.parse(stdout)
  return accounts
}

async function canSignIn({ username, password }: Account): Promise<boolean> {
  const user = await findUserByLogin(world.users, username)
  const isRight = await checkPassword({ users: world.users, cost: 4 }, { user, password })
  return isRight && user?.verifiedAt instanceof Date && user.suspendedAt === null
}

describe('create-demo-accounts', () => {
  it('creates a confirmed user and a confirmed admin, kept in a file that only its owner can read', async () => {
    const accounts = await run()
    expect(accounts).toEqual([
      { username: 'demo', email: 'demo@example.com', password: expect.any(String), roles: [] },
      {
        username: 'admin',
        email: 'admin@example.com',
        password: expect.any(String),
        roles: ['admin'],
      },
    ])
    expect(await Promise.all(accounts.map(canSignIn))).toEqual([true, true])
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject(accounts)
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('returns the same accounts again and restores what was changed', async () => {
    const accounts = await run()
    await world.users.updateMany(
      {},
      { $set: { passwordHash: 'x', suspendedAt: new Date(), roles: [] } },
    )
    expect(await run()).toEqual(accounts)
    expect(await Promise.all(accounts.map(canSignIn))).toEqual([true, true])
    expect((await findUserByLogin(world.users, 'admin'))?.roles).toEqual(['admin'])
  })

  it('keeps an account with the same name from another file, and picks other names', async () => {
    const accounts = await run()
    const before = await world.users.find().sort({ _id: 1 }).lean()
    const others = await run({}, join(folder, 'other.json'))
    expect(others).toMatchObject([
      { username: expect.stringMatching(/^demo-\w+$/), roles: [] },
      { username: expect.stringMatching(/^admin-\w+$/), roles: ['admin'] },
    ])
    expect(await Promise.all([...accounts, ...others].map(canSignIn))).toEqual(Array(4).fill(true))
    const ids = before.map(({ _id }) => _id)
    const after = await world.users
      .find({ _id: { $in: ids } })
      .sort({ _id: 1 })
      .lean()
    expect(after).toEqual(before)
    expect(await run({}, join(folder, 'other.json'))).toEqual(others)
  })

  it('generates other passwords for another file: there is no default password (R13)', async () => {
    const [first] = await run()
    const [second] = await run({}, join(folder, 'third.json'))
    expect(second?.password).not.toBe(first?.password)
  })

  it('refuses to run in production and writes nothing (R13)', async () => {
    const path = join(folder, 'production.json')
    const env = {
      NODE_ENV: 'production',
      PUBLIC_URL: 'https://login.shop.test',
      REDIS_URL: 'redis://127.0.0.1:6379',
      SESSION_SECRETS: 'kZ8w3vQx1nR7bT5yU2mP9sD4fG6hJ0aL',
      MAIL_SECRETS: 'kZ8w3vQx1nR7bT5yU2mP9sD4fG6hJ0aL',
      KEY_ENCRYPTION_KEY: 'kZ8w3vQx1nR7bT5yU2mP9sD4fG6hJ0aL',
      AMQP_URL: 'amqp://127.0.0.1:5672',
      BCRYPT_COST: '10',
    }
    await expect(run(env, path)).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('no demo accounts in production'),
    })
    expect(() => statSync(path)).toThrow('ENOENT')
  })

  it('refuses to run with a user service and writes nothing', async () => {
    const path = join(folder, 'elsewhere.json')
    await expect(run({ USER_DIRECTORY_URL: 'http://localhost:4000' }, path)).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('USER_DIRECTORY_URL'),
    })
    expect(() => statSync(path)).toThrow('ENOENT')
  })

  it('refuses a file without valid accounts', async () => {
    const path = join(folder, 'broken.json')
    writeFileSync(path, '[{"username":"demo"}]')
    await expect(run({}, path)).rejects.toMatchObject({ code: 1, stdout: '' })
  })
})

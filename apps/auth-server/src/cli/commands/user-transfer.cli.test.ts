import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import bcrypt from 'bcrypt'
import { commandLine } from '../../../testing/cli.fixture.ts'
import { checkPassword } from '../../users/check-password.ts'
import { createUser } from '../../users/create-user.ts'
import { findUserByLogin } from '../../users/find-user.ts'
import { newUser, passphrase, testUsers } from '../../../testing/users.fixture.ts'

const salt = 'a'.repeat(22)
const hash = bcrypt.hashSync(passphrase, 4)

let world: Awaited<ReturnType<typeof testUsers>>
let folder: string
let cli: ReturnType<typeof commandLine>
beforeAll(async () => {
  world = await testUsers()
  folder = await mkdtemp(join(tmpdir(), 'user-transfer-'))
  cli = commandLine({ MONGO_URL: world.url })
})
beforeEach(() => world.connection.dropDatabase())
afterAll(async () => {
  await world.close()
  await rm(folder, { recursive: true })
})

function person(name: string, given: object = {}) {
  return { username: name, email: `${name}@mail.test`, passwordHash: hash, ...given }
}

async function fileOf(lines: (object | string)[]): Promise<string> {
  const file = join(folder, `${crypto.randomUUID()}.ndjson`)
  const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)))
  await writeFile(file, `${texts.join('\n')}\n`)
  return file
}

async function importing(file: string, ...options: string[]) {
  const { code, stdout } = await cli.run(['users', 'import', file, '--json', ...options])
  return { code, ...JSON.parse(stdout) }
}

async function canSignIn(name: string): Promise<boolean> {
  const user = await findUserByLogin(world.users, name)
  return checkPassword({ users: world.users, cost: 4 }, { user, password: passphrase })
}

describe('users import', () => {
  it('imports users as the file describes them, with their passwords', async () => {
    const verifiedAt = '2020-02-03T04:05:06.000Z'
    const ada = person('Ada', { roles: ['admin'], verifiedAt, createdAt: verifiedAt })
    const done = await importing(await fileOf([ada, person('bob', { passwordHash: null })]))
    expect(done).toMatchObject({ code: 0, lines: 2, imported: 2, skipped: 0, failed: 0 })
    const stored = await findUserByLogin(world.users, 'ada@mail.test')
    const moment = new Date(verifiedAt)
    expect(stored).toMatchObject({ username: 'Ada', roles: ['admin'], verifiedAt: moment })
    expect(stored).toMatchObject({ createdAt: moment, suspendedAt: null, outbox: [] })
    expect([await canSignIn('ada'), await canSignIn('bob')]).toEqual([true, false])
  })

  it('completes an interrupted import and keeps existing users as they are', async () => {
    const people = ['a1', 'a2', 'a3'].map((name) => person(name))
    await importing(await fileOf(people.slice(0, 2)))
    expect(await canSignIn('a1')).toBe(true)
    const before = await findUserByLogin(world.users, 'a1')
    const again = await importing(await fileOf(people))
    expect(again).toMatchObject({ code: 0, imported: 1, skipped: 2, failed: 0 })
    expect(await findUserByLogin(world.users, 'a1')).toEqual(before)
  })

  it('reports bad lines by number and reason and imports the others', async () => {
    await importing(await fileOf([person('taken')]))
    const lines = [
      person('good'),
      'no json',
      person('x'),
      person('fresh', { email: 'taken@mail.test' }),
      person('Taken', { email: 'other@mail.test' }),
      person('weak', { passwordHash: '5f4dcc3b5aa765d61d8327deb882cf99' }),
      person('more', { isAdmin: true }),
      person('slow', { passwordHash: `$argon2id$v=19$m=4096,t=3,p=99$${salt}$${salt}` }),
      '',
      person('last'),
    ]
    const { code, imported, failed, problems } = await importing(await fileOf(lines))
    expect({ code, imported, failed }).toEqual({ code: 1, imported: 2, failed: 7 })
    const byLine = new Map(
      problems.map(({ line, reason }: { line: number; reason: string }) => [line, reason]),
    )
    expect(byLine.get(2)).toContain('not JSON')
    expect(byLine.get(3)).toContain('username: Use at least 2')
    expect(byLine.get(4)).toContain('email: Another account')
    expect(byLine.get(5)).toContain('username: Another account')
    expect(byLine.get(6)).toContain('passwordHash: This must be a bcrypt')
    expect(byLine.get(7)).toContain('isAdmin')
    expect(byLine.get(8)).toContain('passwordHash: Argon2 may have 16 lanes')
    expect(JSON.stringify(problems)).not.toContain('5f4dcc3b')
  })

  it('refuses a name that appears twice in the file', async () => {
    const twice = [person('twin'), person('TWIN', { email: 'second@mail.test' })]
    expect(await importing(await fileOf(twice))).toMatchObject({ imported: 1, failed: 1 })
  })

  it('checks everything and stores nothing with --dry-run', async () => {
    const file = await fileOf([person('ada'), person('x')])
    expect(await importing(file, '--dry-run')).toMatchObject({ imported: 1, failed: 1 })
    expect(await world.users.countDocuments()).toBe(0)
  })

  it('predicts with --dry-run what the import reports, including duplicates in the file', async () => {
    await importing(await fileOf([person('moved'), person('taken')]))
    const renamed = { username: 'gone', usernameKey: 'gone', email: 'x@y.z', emailKey: 'x@y.z' }
    await world.users.updateOne({ usernameKey: 'moved' }, { $set: renamed })
    const file = await fileOf([
      person('moved'),
      person('twin'),
      person('twin'),
      person('TWIN', { email: 'second@mail.test' }),
      person('third', { email: 'TWIN@mail.test' }),
      person('taken', { email: 'third@mail.test' }),
      person('other', { email: 'third@mail.test' }),
      person('twin', { email: 'other@mail.test' }),
      person('twin', { email: 'third@mail.test' }),
    ])
    const { dryRun: _predicted, ...predicted } = await importing(file, '--dry-run')
    const { dryRun: _done, ...done } = await importing(file)
    expect(predicted).toEqual(done)
    expect(predicted).toMatchObject({ imported: 2, skipped: 2, failed: 5 })
  })

  it('finds duplicate names however far apart they are', async () => {
    const between = Array.from({ length: 600 }, (_, at) => person(`p${at}`))
    const file = await fileOf([person('far'), ...between, person('FAR', { email: 'f@g.h' })])
    expect(await importing(file, '--dry-run')).toMatchObject({ imported: 601, failed: 1 })
  })

  it('accepts a file that begins with a byte order mark', async () => {
    const file = await fileOf([`\uFEFF${JSON.stringify(person('ada'))}`, person('bob')])
    expect(await importing(file)).toMatchObject({ imported: 2, failed: 0 })
  })

  it('streams a long file in constant memory and reports its progress', async () => {
    const file = await fileOf(Array.from({ length: 12_000 }, (_, at) => person(`p${at}`)))
    const env = { NODE_OPTIONS: '--max-old-space-size=64' }
    const { code, stderr } = await cli.run(['users', 'import', file], { env })
    expect([code, stderr]).toEqual([0, expect.stringContaining('10000 lines: 10000 imported')])
    expect(await cli.json(['users', 'show', 'p11999'])).toMatchObject({ username: 'p11999' })
  }, 60_000)

  it('records its start and its counts in the audit log, and nothing of a dry run', async () => {
    const file = await fileOf([person('ada'), person('bob'), 'no json'])
    await importing(file, '--dry-run')
    await importing(file)
    const { events } = await cli.json(['audit', 'list'])
    expect(events).toMatchObject([
      { event: 'users_imported', details: { imported: 2, skipped: 0, failed: 1 } },
      { event: 'users_import_begun' },
    ])
  })

  it('also reads stdin, and refuses a file it cannot read', async () => {
    const stdin = `${JSON.stringify(person('piped'))}\n`
    expect((await cli.run(['users', 'import', '-'], { stdin })).code).toBe(0)
    expect(await canSignIn('piped')).toBe(true)
    expect((await cli.run(['users', 'import', '/no/such/file'])).code).toBe(2)
  })
})

describe('users export', () => {
  it('prints a line for each user, without hashes', async () => {
    await createUser(world, newUser({ username: 'ada' }))
    await importing(await fileOf([person('bob')]))
    const { stdout } = await cli.run(['users', 'export'])
    const lines = stdout.trim().split('\n')
    expect(lines.map((line) => JSON.parse(line).username)).toEqual(['ada', 'bob'])
    expect(stdout).not.toMatch(/\$2|hash/i)
  })

  it('prints with --with-hashes what another system can import, passwords included', async () => {
    await createUser(world, newUser({ username: 'ada' }))
    await importing(await fileOf([person('bob'), person('eve', { passwordHash: null })]))
    const { stdout } = await cli.run(['users', 'export', '--with-hashes'])
    await world.users.deleteMany({})
    await cli.run(['users', 'import', '-'], { stdin: stdout })
    const people = await Promise.all(['ada', 'bob', 'eve'].map(canSignIn))
    expect(people).toEqual([true, true, false])
  })

  it('records in the audit log whether hashes were included', async () => {
    await cli.run(['users', 'export'])
    await cli.run(['users', 'export', '--with-hashes'])
    const { events } = await cli.json(['audit', 'list'])
    expect(events).toMatchObject([
      { event: 'users_exported', details: { hashes: 'with hashes' } },
      { event: 'users_exported', details: { hashes: 'without hashes' } },
    ])
  })
})

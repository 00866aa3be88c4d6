import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { commandLine } from '../../../testing/cli.fixture.ts'
import { checkPassword } from '../../users/check-password.ts'
import { findUserByLogin } from '../../users/find-user.ts'
import { badPasswords, newUser, passphrase, testUsers } from '../../../testing/users.fixture.ts'

const entry = fileURLToPath(new URL('../../cli.ts', import.meta.url))

let world: Awaited<ReturnType<typeof testUsers>>
let cli: ReturnType<typeof commandLine>
beforeAll(async () => {
  world = await testUsers()
  cli = commandLine({ MONGO_URL: world.url })
})
afterAll(() => world.close())

const args = ({ username, email }: { username: string; email: string }) => [
  'create-admin',
  '--username',
  username,
  '--email',
  email,
]

async function isPassword(username: string, password: string): Promise<boolean> {
  const user = await findUserByLogin(world.users, username)
  return checkPassword({ users: world.users, cost: 4 }, { user, password })
}

/** What the screen shows at the end, each question answered as it comes. */
async function atTerminal(args: string[], mongoUrl: string, answers: string[]): Promise<string> {
  const command = `'${process.execPath}' -C source '${entry}' --data /nowhere ${args.join(' ')}`
  const child = spawn('script', ['-qefc', command, '/dev/null'], {
    env: { PATH: process.env.PATH, MONGO_URL: mongoUrl, BCRYPT_COST: '4', TERM: 'dumb' },
  })
  let screen = ''
  let asked = 0
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text
    const questions = screen.match(/(User name|E-mail address|made for you\)|once more): /g)?.length
    while (asked < (questions ?? 0)) child.stdin.write(`${answers[asked++]}\r`)
  })
  await once(child, 'close')
  return screen
}

describe('create-admin', () => {
  it('makes a confirmed admin with a passphrase that it prints once (R13)', async () => {
    const person = newUser()
    const made = await cli.json(args(person))
    const { username, email } = person
    const id = expect.stringMatching(/^[0-9a-f]{24}$/)
    expect(made).toEqual({ id, username, email, password: expect.any(String), roles: ['admin'] })
    expect(await isPassword(username, made.password)).toBe(true)
    const stored = await findUserByLogin(world.users, username)
    expect(stored).toMatchObject({ roles: ['admin'], verifiedAt: expect.any(Date) })
  })

  it('takes the password from stdin, and prints none', async () => {
    const person = newUser()
    const stdin = `${passphrase}\n`
    const { code, stdout, stderr } = await cli.run([...args(person), '--password-stdin'], { stdin })
    expect(code).toBe(0)
    expect(stdout + stderr).not.toContain(passphrase)
    expect(await isPassword(person.username, passphrase)).toBe(true)
  })

  it('makes a longer passphrase where the rules ask for one', async () => {
    const env = { PASSWORD_MIN_LENGTH: '60' }
    const { password } = await cli.json(args(newUser()), { env })
    expect(password.length).toBeGreaterThanOrEqual(60)
  })

  it('says when the name is taken, and changes nothing', async () => {
    const person = newUser()
    const { password } = await cli.json(args(person))
    const again = await cli.run(args({ ...person, email: 'other@mail.test' }))
    expect([again.code, again.stdout]).toEqual([1, ''])
    expect(again.stderr).toContain('This user name is taken.')
    expect(await isPassword(person.username, password)).toBe(true)
  })

  it.each(badPasswords)(
    'holds a chosen password to the rules: %s (R1, R4, R5)',
    async (stdin, words) => {
      const { code, stderr } = await cli.run([...args(newUser()), '--password-stdin'], { stdin })
      expect([code, stderr]).toEqual([2, expect.stringContaining(words)])
    },
  )

  it('says how to give the name where nobody can be asked', async () => {
    const { code, stderr } = await cli.run(['create-admin'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('--username')])
  })

  // util-linux's script runs a program at a terminal of its own.
  const itAtTerminal = process.platform === 'linux' ? it : it.skip
  itAtTerminal('asks at a terminal, and shows nothing of the password', async () => {
    const { username, email } = newUser()
    const answers = [username, email, passphrase, passphrase]
    const screen = await atTerminal(['create-admin'], world.url, answers)
    expect(screen).toContain(`Made an admin:`)
    expect(screen).not.toContain(passphrase)
    expect(await isPassword(username, passphrase)).toBe(true)
  })

  it('takes no password from the command line, which others can read', async () => {
    expect((await cli.run([...args(newUser()), '--password', passphrase])).code).toBe(2)
  })
})

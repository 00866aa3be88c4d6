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

/** Answers each question as it comes; resolves to everything on the screen. */
async function atTerminal(args: string[], mongoUrl: string, answers: string[]): Promise<string> {
  const command = `'${process.execPath}' -C source '${entry}' --data /nowhere ${args.join(' ')}`
  const child = spawn('script', ['-qefc', command, '/dev/null'], {
    env: { PATH: process.env.PATH, MONGO_URL: mongoUrl, BCRYPT_COST: '4', TERM: 'dumb' },
  })
  let screen = ''
  let asked = 0
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text
    const questions = screen.match(
      /(User name|E-mail address|generate one\)|Repeat the password): /g,
    )?.length
    while (asked < (questions ?? 0)) child.stdin.write(`${answers[asked++]}\r`)
  })
  await once(child, 'close')
  return screen
}

describe('create-admin', () => {
  it('creates a confirmed admin with a passphrase that it prints once (R13)', async () => {
    const person = newUser()
    const made = await cli.json(args(person))
    const { username, email } = person
    const id = expect.stringMatching(/^[0-9a-f]{24}$/)
    expect(made).toEqual({ id, username, email, password: expect.any(String), roles: ['admin'] })
    expect(await isPassword(username, made.password)).toBe(true)
    const stored = await findUserByLogin(world.users, username)
    expect(stored).toMatchObject({ roles: ['admin'], verifiedAt: expect.any(Date) })
  })

  it('reads the password from stdin and does not print it', async () => {
    const person = newUser()
    const stdin = `${passphrase}\n`
    const { code, stdout, stderr } = await cli.run([...args(person), '--password-stdin'], { stdin })
    expect(code).toBe(0)
    expect(stdout + stderr).not.toContain(passphrase)
    expect(await isPassword(person.username, passphrase)).toBe(true)
  })

  it('generates a longer passphrase if the rules require it', async () => {
    const env = { PASSWORD_MIN_LENGTH: '60' }
    const { password } = await cli.json(args(newUser()), { env })
    expect(password.length).toBeGreaterThanOrEqual(60)
  })

  it('says that the name is taken and changes nothing', async () => {
    const person = newUser()
    const { password } = await cli.json(args(person))
    const again = await cli.run(args({ ...person, email: 'other@mail.test' }))
    expect([again.code, again.stdout]).toEqual([1, ''])
    expect(again.stderr).toContain('This user name is taken.')
    expect(await isPassword(person.username, password)).toBe(true)
  })

  it.each(badPasswords)(
    'checks a chosen password against the rules: %s (R1, R4, R5)',
    async (stdin, words) => {
      const { code, stderr } = await cli.run([...args(newUser()), '--password-stdin'], { stdin })
      expect([code, stderr]).toEqual([2, expect.stringContaining(words)])
    },
  )

  it('names the option for the user name if it cannot ask', async () => {
    const { code, stderr } = await cli.run(['create-admin'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('--username')])
  })

  // `script` of util-linux runs a program in its own terminal.
  const itAtTerminal = process.platform === 'linux' ? it : it.skip
  itAtTerminal('asks at a terminal and hides the password', async () => {
    const { username, email } = newUser()
    const answers = [username, email, passphrase, passphrase]
    const screen = await atTerminal(['create-admin'], world.url, answers)
    expect(screen).toContain(`Created an admin:`)
    expect(screen).not.toContain(passphrase)
    expect(await isPassword(username, passphrase)).toBe(true)
  })

  it('refuses a password on the command line, which others can read', async () => {
    expect((await cli.run([...args(newUser()), '--password', passphrase])).code).toBe(2)
  })
})

import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Command } from 'commander'
import { tapLink } from '../../../../faults/tap-link.ts'
import { startTcpProxy } from '../../../../tools/testing/tcp-proxy.ts'
import { testMongoUrl } from '../../../../tools/testing/test-services.ts'
import { openCliContext } from './cli-context.ts'
import { buildProgram } from './commands/program.ts'
import { connectMongo } from '../storage/connect-mongo.ts'
import { commandLine } from '../../testing/cli.fixture.ts'

const mongoUrl = testMongoUrl()
const redisUrl = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379'
const cli = commandLine({ MONGO_URL: mongoUrl, REDIS_URL: redisUrl }, { apart: true })

afterAll(async () => {
  const connection = await connectMongo(mongoUrl)
  await connection.dropDatabase()
  await connection.close()
})

/** The path of a command, such as `users list`; for the default command, the name of its group. */
function pathOf(command: Command): string {
  const { parent } = command
  if (!parent?.parent) return command.name()
  return command.name() === 'create' ? parent.name() : `${parent.name()} ${command.name()}`
}

function allCommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allCommands)]
}

function helpOf(command: Command): string {
  let help = ''
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp()
  return help
}

describe('npm run cli -- --help', () => {
  it('shows every command with an example, and with --json if it answers', () => {
    const program = buildProgram(openCliContext({ env: {}, root: '/nowhere' }))
    const commands = allCommands(program)
    expect(commands.length).toBeGreaterThan(10)
    for (const command of commands) {
      const help = helpOf(command)
      expect(help).toMatch(/\nExamples?:\n {2}\$ npm run cli -- /)
      if (command.commands.length > 0) continue
      expect(help).toContain('--json')
      expect(help).toContain(`$ npm run cli -- ${pathOf(command)}`)
    }
  })

  it('leaves the wrapping of paragraphs to the terminal', () => {
    const program = buildProgram(openCliContext({ env: {}, root: '/nowhere' }))
    const doctor = program.commands.find((command) => command.name() === 'doctor')
    expect(doctor?.description()).toMatch(/what to do about each difference/)
  })

  it('needs no store to answer', async () => {
    const env = { MONGO_URL: 'mongodb://127.0.0.1:1/x', REDIS_URL: 'redis://127.0.0.1:1' }
    const ran = await cli.run(['users', 'list', '--help'], { env })
    expect(ran).toMatchObject({ code: 0, stderr: '' })
  })
})

describe('npm run cli -- help', () => {
  it.each([{ args: ['help'] }, { args: ['help', 'users'] }, { args: ['users', 'help', 'list'] }])(
    'ends with 0: $args',
    async ({ args }) => {
      const { code, stdout, stderr } = await cli.run(args)
      expect([code, stdout, stderr]).toEqual([
        0,
        expect.stringContaining('Usage: npm run cli --'),
        '',
      ])
    },
  )
})

describe('stdout that is closed or full', () => {
  async function runInto(target: string, args: string[]) {
    const entry = fileURLToPath(new URL('../cli.ts', import.meta.url))
    const line = `set -o pipefail; "$0" -C source "$@" ${target}`
    const env = { PATH: process.env.PATH, MONGO_URL: mongoUrl, REDIS_URL: redisUrl }
    const child = spawn('bash', ['-c', line, process.execPath, entry, ...args], { env })
    const [stderr, code] = await Promise.all([
      text(child.stderr),
      new Promise<number | null>((resolve) => child.once('close', resolve)),
    ])
    return { code, stderr }
  }

  it('is not a failure if the reader has closed it; the change is in the audit log', async () => {
    const made = async () =>
      (await cli.json(['audit', 'list', '--event', 'invite_created'])).events.length
    const before = await made()
    expect((await runInto('| true', ['invite'])).code).toBe(0)
    expect(await made()).toBe(before + 1)
  }, 30_000)

  it('is a failure if the disk is full', async () => {
    const { code, stderr } = await runInto('> /dev/full', ['users', 'list', '--json'])
    expect([code, stderr]).toEqual([1, expect.stringContaining('cannot be written')])
  })
})

describe('an audit record that is not stored in time', () => {
  it('is reported on stderr as lost', async () => {
    const url = new URL(mongoUrl)
    const proxy = await startTcpProxy({ url: mongoUrl })
    const tap = await tapLink(proxy.url)
    const insert = '\x02insert\0\x06\0\0\0audit\0'
    const struck = tap.strike({ request: insert, at: 'request' }, () => proxy.hold())
    const env = { MONGO_URL: `${tap.url}${url.pathname}` }
    const { code, stderr } = await cli.run(['invite'], { env })
    await struck
    expect([code, stderr]).toEqual([0, expect.stringContaining('1 audit record')])
    await tap.close()
    await proxy.stop()
  }, 30_000)
})

describe('a command that is called incorrectly', () => {
  it.each([
    { args: [] },
    { args: ['usrs'] },
    { args: ['users'] },
    { args: ['users', 'show'] },
    { args: ['users', 'list', '--nonsense'] },
    { args: ['users', 'list', '--limit', '0'] },
    { args: ['invite', '--expires-in-days', 'soon'] },
  ])('ends with 2 and says what is wrong on stderr: $args', async ({ args }) => {
    const { code, stdout, stderr } = await cli.run(args)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/Usage:|--help|--limit|--expires-in-days/)
    expect(stderr).not.toMatch(/\n {4}at /)
  })

  it('says that npm took an option that came without --', async () => {
    const env = { npm_config_search: 'true' }
    const { code, stderr } = await cli.run(['users', 'list', 'ada'], { env })
    expect([code, stderr]).toEqual([2, expect.stringContaining('npm took --search for itself')])
  })
})

describe('a command that fails', () => {
  it('ends with 1 and says what to do next, without a stack', async () => {
    const { code, stdout, stderr } = await cli.run(['users', 'show', 'nobody-here'])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain('There is no user "nobody-here". Search with: npm run cli --')
    expect(stderr).not.toMatch(/\n {4}at /)
  })

  it('is one JSON document with --json', async () => {
    const { code, stdout } = await cli.run(['users', 'show', 'nobody-here', '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'no_such_user', message: expect.stringContaining('nobody-here') },
    })
  })

  it.each([
    ['MONGO_URL', 'mongodb://ada:hunter2@127.0.0.1:1/auth', ['users', 'list']],
    ['REDIS_URL', 'redis://:hunter2@127.0.0.1:1', ['sessions', 'end', '--all', '--yes']],
  ])(
    'names the store that is down and its setting, not its password: %s',
    async (name, url, args) => {
      const { code, stderr } = await cli.run(args, { env: { [name]: url } })
      expect(code).toBe(1)
      expect(stderr).toContain(name)
      expect(stderr).toContain('127.0.0.1:1')
      expect(stderr).not.toContain('hunter2')
    },
  )

  it('names every invalid setting', async () => {
    const env = { MONGO_URL: 'here', BCRYPT_COST: '99' }
    const { code, stderr } = await cli.run(['users', 'list'], { env })
    expect(code).toBe(1)
    expect(stderr).toMatch(/MONGO_URL: .*\n.*BCRYPT_COST: /)
  })
})

describe('the system that commands talk to', () => {
  let dataDir: string
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'cli-data-'))
    const services = { mongo: mongoUrl, redis: redisUrl, amqp: 'amqp://127.0.0.1:5672' }
    const running = { authServer: 'http://localhost:4711', productServer: 'http://x', services }
    await writeFile(join(dataDir, 'running.json'), JSON.stringify(running))
    const settings = {
      MONGO_URL: mongoUrl,
      REDIS_URL: redisUrl,
      PUBLIC_URL: 'http://127.0.0.1:4711/',
    }
    await writeFile(join(dataDir, 'auth-server.json'), JSON.stringify(settings))
  })
  afterAll(() => rm(dataDir, { recursive: true }))

  const nothingGiven = { MONGO_URL: undefined, REDIS_URL: undefined }

  async function invite(env: Record<string, string | undefined>) {
    const { stdout, stderr } = await cli.run(['--data', dataDir, 'invite'], { env })
    return { url: stdout.split('\n')[0], stderr }
  }

  it('is the one that npm start runs, with its settings', async () => {
    const { url, stderr } = await invite(nothingGiven)
    expect(stderr).toContain('the system that npm start runs, http://localhost:4711')
    expect(url).toContain('http://127.0.0.1:4711/invite?token=')
  })

  it('is the same if the environment names the same stores; its other settings win', async () => {
    const { url, stderr } = await invite({ PUBLIC_URL: 'http://login.test' })
    expect(stderr).toContain('the system that npm start runs')
    expect(url).toContain('http://login.test/invite?token=')
  })

  it('is only that of the environment if it names other stores', async () => {
    const { url, stderr } = await invite({ MONGO_URL: `${mongoUrl}-other` })
    expect(stderr).toContain('(from the environment)')
    expect(url).toContain('http://localhost:3000/invite?token=')
    const connection = await connectMongo(`${mongoUrl}-other`)
    await connection.dropDatabase()
    await connection.close()
  })
})

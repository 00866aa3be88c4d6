import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { childEnv } from '../../../tools/testing/child-env.ts'
import type { Asked, Ran } from './warm-cli.fixture.ts'

const entry = fileURLToPath(new URL('../src/cli.ts', import.meta.url))
const warmCli = fileURLToPath(new URL('warm-cli.fixture.ts', import.meta.url))

type Given = {
  env?: Record<string, string | undefined>
  stdin?: string
  /** In a process of its own, as people call it; with stdin always. */
  apart?: boolean
}

/** The command line over these stores, with nothing else in its environment but `PATH`. */
export function commandLine(env: Record<string, string | undefined>, { apart = false } = {}) {
  function run(args: string[], given: Given = {}): Promise<Ran> {
    const asked = {
      args: ['--data', '/nowhere', ...args],
      env: childEnv({ BCRYPT_COST: '4', ...env, ...given.env }),
    }
    const isApart = apart || given.apart === true || given.stdin !== undefined
    return isApart ? runApart(asked, given.stdin) : askWarm(asked)
  }

  /** The document that the command prints for programs, which has to succeed. */
  async function json(args: string[], given: Given = {}) {
    const ran = await run([...args, '--json'], given)
    if (ran.code !== 0) throw new Error(`exit code ${ran.code}: ${ran.stderr}`)
    return parse(ran.stdout)
  }
  return { run, json }
}

async function runApart({ args, env }: Asked, stdin = ''): Promise<Ran> {
  const child = spawn(process.execPath, ['-C', 'source', entry, ...args], { env })
  child.stdin.end(stdin)
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ])
  return { code, stdout, stderr }
}

let warm: ChildProcess | undefined
let last: Promise<unknown> = Promise.resolve()

/** Asks the process that is kept for the next command; it ends with this one. */
function askWarm(asked: Asked): Promise<Ran> {
  warm ??= spawn(process.execPath, ['-C', 'source', warmCli], {
    env: childEnv({}),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const child = warm
  const answered = last.then(async () => {
    child.send(asked)
    const [answer]: Ran[] = await once(child, 'message')
    if (!answer) throw new Error('no answer')
    return answer
  })
  last = answered.catch(() => undefined)
  child.unref()
  child.channel?.unref()
  return answered
}

// What a test reads of it, the test knows.
function parse(document: string) {
  return JSON.parse(document)
}

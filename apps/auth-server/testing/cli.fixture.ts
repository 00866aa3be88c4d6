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
  /** Runs in a separate process, as operators call it. Always so with `stdin`. */
  apart?: boolean
}

/** The command line with this environment and otherwise only `PATH`. */
export function commandLine(env: Record<string, string | undefined>, { apart = false } = {}) {
  function run(args: string[], given: Given = {}): Promise<Ran> {
    const asked = {
      args: ['--data', '/nowhere', ...args],
      env: childEnv({ BCRYPT_COST: '4', ...env, ...given.env }),
    }
    const isApart = apart || given.apart === true || given.stdin !== undefined
    return isApart ? runApart(asked, given.stdin) : askWarm(asked)
  }

  /** Runs a command with `--json` and parses its output. Throws if the command fails. */
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

/** Runs a command in a process that is reused for the next one and ends with this process. */
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

// Returns `any`: each test knows the shape it reads.
function parse(document: string) {
  return JSON.parse(document)
}

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { childEnv } from '../../../../tools/testing/child-env.ts'
import type { Answered, Asked } from './warm-cli.fixture.ts'

const entry = fileURLToPath(new URL('../cli.ts', import.meta.url))
const warmCli = fileURLToPath(new URL('warm-cli.fixture.ts', import.meta.url))

type Given = { stdin?: string; env?: Record<string, string | undefined> }

/** What a command printed, and how it ended. */
export type Ran = { code: number | null; stdout: string; stderr: string }

/**
 * The command line as a process of its own over these stores, with nothing else in its environment
 * but `PATH`.
 */
export function commandLine(env: Record<string, string | undefined>) {
  async function run(args: string[], given: Given = {}): Promise<Ran> {
    const child = spawn(process.execPath, ['-C', 'source', entry, '--data', '/nowhere', ...args], {
      env: childEnv({ BCRYPT_COST: '4', ...env, ...given.env }),
    })
    child.stdin.end(given.stdin ?? '')
    const [stdout, stderr, code] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise<number | null>((resolve) => child.once('close', resolve)),
    ])
    return { code, stdout, stderr }
  }

  /**
   * The document that the command prints for programs, which has to succeed. Here it runs in a
   * process that is kept for the next one.
   */
  async function json(args: string[], given: Pick<Given, 'env'> = {}) {
    const all = { PATH: process.env.PATH, BCRYPT_COST: '4', ...env, ...given.env }
    const { code, stdout, message } = await ask({
      args: ['--data', '/nowhere', ...args, '--json'],
      env: all,
    })
    if (code !== 0) throw new Error(`exit code ${code}: ${message}`)
    return parse(stdout)
  }
  return { run, json }
}

let warm: ChildProcess | undefined
let last: Promise<unknown> = Promise.resolve()

/** Asks the process that is kept; it ends with this one. */
function ask(asked: Asked): Promise<Answered> {
  warm ??= spawn(process.execPath, ['-C', 'source', warmCli], {
    env: childEnv({}),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const child = warm
  const answered = last.then(async () => {
    child.send(asked)
    const [answer]: Answered[] = await once(child, 'message')
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

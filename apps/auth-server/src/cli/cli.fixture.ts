import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { childEnv } from '../../../../tools/testing/child-env.ts'

const entry = fileURLToPath(new URL('../cli.ts', import.meta.url))

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

  /** The document that the command prints for programs, which has to succeed. */
  async function json(args: string[], given: Given = {}) {
    const ran = await run([...args, '--json'], given)
    if (ran.code !== 0) throw new Error(`exit code ${ran.code}: ${ran.stderr}`)
    return parse(ran.stdout)
  }
  return { run, json }
}

// What a test reads of it, the test knows.
function parse(document: string) {
  return JSON.parse(document)
}

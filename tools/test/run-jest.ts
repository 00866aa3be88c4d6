import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const jest = join(root, 'node_modules/jest/bin/jest.js')

/** The result of the suite. A file that could not run counts as one failed test. */
export type Counts = { passed: number; failed: number }

/** Runs jest with these arguments. */
export async function runJest(args: string[], env: NodeJS.ProcessEnv): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), 'test-counts-'))
  const file = join(folder, 'counts.json')
  try {
    const code = await run(args, { ...env, TEST_COUNTS_FILE: file })
    const counts: Counts = JSON.parse(
      await readFile(file, 'utf8').catch(() => '{"passed":0,"failed":0}'),
    )
    // Jest may fail for reasons other than a test, or before it runs any.
    return { ...counts, failed: code === 0 ? counts.failed : Math.max(counts.failed, 1) }
  } finally {
    await rm(folder, { recursive: true })
  }
}

function run(args: string[], env: NodeJS.ProcessEnv): Promise<number | null> {
  return new Promise((resolve, reject) => {
    // A server left behind by a failed set-up must not delay the end once every result is in.
    const runner = [jest, '--forceExit', ...args]
    const command = ['--experimental-vm-modules', '--no-warnings', '-C', 'source', ...runner]
    const child = spawn(process.execPath, command, { cwd: root, env, stdio: 'inherit' })
    const end = () => void child.kill('SIGTERM')
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const)
      process.on(signal, end)
    child.on('error', reject).on('close', (code) => resolve(code))
  })
}

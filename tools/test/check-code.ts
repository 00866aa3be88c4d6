import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

// The parts of `pnpm check`, reported one by one.
const parts = ['lint', 'format:check', 'types', 'unused']

/** Runs each part of `pnpm check`, shows what fails, and returns how many did. */
export async function checkCode(say: (line: string) => void): Promise<number> {
  let failed = 0
  for (const part of parts) {
    // oxlint-disable-next-line no-await-in-loop -- each takes every core
    const { code, output } = await runScript(part)
    say(`check ${part}: ${code === 0 ? 'passed' : `failed\n${output}`}`)
    if (code !== 0) failed += 1
  }
  return failed
}

function runScript(name: string): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', ['run', '--silent', name], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.on('error', reject).on('close', (code) => resolve({ code, output }))
  })
}

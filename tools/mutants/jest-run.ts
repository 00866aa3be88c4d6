import { spawn } from 'node:child_process'
import { join } from 'node:path'

const running = new Set<number | undefined>()
process.on('exit', () => running.forEach(endGroup))

type Ended = { code: number | null; output: string; timedOut: boolean }

/** Runs jest in a copy of the workspace, and ends it with all its children after `limit` milliseconds. */
export function jestRun(
  copy: string,
  { args, env, limit }: { args: string[]; env: NodeJS.ProcessEnv; limit: number },
): Promise<Ended> {
  const runner = [join(copy, 'node_modules/jest/bin/jest.js'), '--forceExit', ...args]
  const command = ['--experimental-vm-modules', '--no-warnings', '-C', 'source', ...runner]
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, command, {
      cwd: copy,
      env: { ...env, NODE_COMPILE_CACHE: join(copy, 'node_modules/.cache/node') },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that servers that a test started end with it.
      detached: true,
    })
    running.add(child.pid)
    let output = ''
    let timedOut = false
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    const timer = setTimeout(() => {
      timedOut = true
      endGroup(child.pid)
    }, limit)
    child.on('error', reject).on('exit', (code) => {
      clearTimeout(timer)
      endGroup(child.pid)
      running.delete(child.pid)
      resolve({ code, output, timedOut })
    })
  })
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // Everything in it has ended already.
  }
}

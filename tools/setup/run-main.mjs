import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root } from './root.mjs'

/**
 * Runs a command's main.ts on the workspace's Node, and ends as it does. The channel between the two tells
 * it when this process is gone, even by SIGKILL.
 */
export async function runMain({ command, args }) {
  const main = join(root, 'tools', command, 'main.ts')
  const child = spawn(join(root, 'node_modules/.bin/node'), ['-C', 'source', main, ...args], {
    cwd: root,
    // It starts many processes with the same modules, which share compiled code.
    env: { NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/node'), ...process.env },
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  // Ctrl-C reaches the child directly, a signal to npm does not. The child counts both as one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  endWithParent(child)
  const [code] = await new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (...outcome) => resolve(outcome))
  })
  process.exitCode = code ?? 1
}

// If npm is killed by SIGKILL, our only sign is another parent process.
function endWithParent(child) {
  const parent = process.ppid
  setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 500).unref()
}

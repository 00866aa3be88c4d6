import { spawn } from 'node:child_process'
import { root } from './root.mjs'
import { SetupError } from './setup-error.mjs'

/** Runs a program silently. If it fails, the SetupError contains the end of its output. */
export function runQuietly(command, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output = (output + text).slice(-4000)))
    child.on('error', (error) => reject(new SetupError(`${command}: ${error.message}`)))
    child.on('close', (code, signal) => {
      if (code === 0) return resolve()
      reject(
        new SetupError(`${output}\n${[command, ...args].join(' ')} ended with ${signal ?? code}`),
      )
    })
  })
}

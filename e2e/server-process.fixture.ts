import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { childEnv } from '../tools/testing/child-env.ts'

/** Runs one of the apps as a process, with only PATH and `env` in its environment. */
export function serve(app: string, env: Record<string, string>): ChildProcess {
  return run(`apps/${app}/src/main.ts`, env)
}

/** Runs a file of this repository in the same way. */
export function run(file: string, env: Record<string, string>): ChildProcess {
  const path = fileURLToPath(new URL(`../${file}`, import.meta.url))
  return spawn(process.execPath, ['-C', 'source', path], {
    env: childEnv(env),
    stdio: ['ignore', 'inherit', 'inherit'],
  })
}

export async function endServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const ended = once(server, 'exit')
  server.kill('SIGTERM')
  await ended
}

/** Waits until this server, and no other at its address, answers at the URL. */
export async function untilItAnswers(url: string, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + 30_000
  while (!(await fetch(url).catch(() => undefined))?.ok) {
    if (Date.now() > deadline) throw new Error(`${url} does not answer`)
    await sleep(50)
  }
  const { exitCode } = server
  if (exitCode !== null) throw new Error(`${url} belongs to another: ours ended with ${exitCode}`)
}

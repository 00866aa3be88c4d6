import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** One of the apps as a process of its own, with nothing in its environment but PATH and `env`. */
export function serve(app: string, env: Record<string, string>): ChildProcess {
  const main = fileURLToPath(new URL(`../apps/${app}/src/main.ts`, import.meta.url))
  return spawn(process.execPath, ['-C', 'source', main], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
}

export async function endServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const ended = once(server, 'exit')
  server.kill('SIGTERM')
  await ended
}

export async function untilItAnswers(url: string): Promise<void> {
  const deadline = Date.now() + 15_000
  while (!(await fetch(url).catch(() => undefined))?.ok) {
    if (Date.now() > deadline) throw new Error(`${url} does not answer`)
    await sleep(50)
  }
}

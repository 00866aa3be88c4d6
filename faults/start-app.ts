import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { keepChild, type KeptChild } from '../tools/services/keep-child.ts'
import { childEnv } from '../tools/testing/child-env.ts'

/** One of our own processes, which a run may kill and restart. */
export type App = {
  origin: string
  isRunning(): boolean
  /** Sends the signal and does not wait. */
  signal(signal: NodeJS.Signals): void
  /** Waits until it has ended, and restarts it. */
  revive(): Promise<void>
  stop(): Promise<void>
}

type AppOptions = {
  /** Its folder under apps/. */
  name: string
  port: number
  env: Record<string, string>
  /** Receives its output. */
  logFile: string
}

const secondsToStart = 30

/** Runs the main.ts of an app as in production, and waits until it is alive. */
export async function startApp(options: AppOptions): Promise<App> {
  const origin = `http://127.0.0.1:${options.port}`
  let child = await run(options)

  async function end(): Promise<void> {
    child.kill('SIGCONT')
    await child.stop()
  }
  await untilAlive(origin, child)
  return {
    origin,
    isRunning: () => child.isRunning(),
    signal: (signal) => child.kill(signal),
    async revive() {
      await end()
      child = await run(options)
      await untilAlive(origin, child)
    },
    stop: end,
  }
}

/** An app's process, listening or not. */
export function run({ name, port, env, logFile }: AppOptions): Promise<KeptChild> {
  const main = fileURLToPath(new URL(`../apps/${name}/src/main.ts`, import.meta.url))
  return keepChild({
    command: [process.execPath, '-C', 'source', main],
    env: childEnv({ NODE_ENV: 'test', LOG_LEVEL: 'info', PORT: String(port), ...env }),
    onLine: (line) => appendFileSync(logFile, `${line}\n`),
  })
}

async function untilAlive(origin: string, child: KeptChild): Promise<void> {
  const deadline = Date.now() + secondsToStart * 1_000
  while (child.isRunning() && Date.now() < deadline) {
    const answer = await fetch(`${origin}/healthz`, { headers: { connection: 'close' } }).catch(
      () => undefined,
    )
    if (answer?.ok) return
    await sleep(50)
  }
  throw new Error(`an app did not start at ${origin}:\n${child.lastWords()}`)
}

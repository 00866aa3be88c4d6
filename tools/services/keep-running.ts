import type { Ending, KeptChild } from './keep-child.ts'
import type { Log } from './service.ts'

const mostRestarts = 3
const withinMs = 60_000

/** A process that is restarted when it ends unasked. */
export type KeptRunning = {
  /** Its first process. */
  pid: number
  /** Never resolves. Rejects with the reason when restarting is given up. */
  failed: Promise<never>
  stop: () => Promise<void>
}

type Options = {
  /** Its name in messages. */
  name: string
  /** Starts it, waits until it answers, and stops it when the signal aborts. */
  run: (signal: AbortSignal) => Promise<KeptChild>
  log: Log
  signal?: AbortSignal | undefined
}

/**
 * Starts a process and restarts it when it ends, at most three times a minute.
 *
 * @throws what `run` throws at the first start
 */
export async function keepRunning({ name, run, log, signal }: Options): Promise<KeptRunning> {
  const stopping = new AbortController()
  const ending = AbortSignal.any(signal ? [signal, stopping.signal] : [stopping.signal])
  let current = run(ending)
  const { pid } = await current
  const failed = watch()
  failed.catch(() => undefined)

  async function watch(): Promise<never> {
    const restarts: number[] = []
    for (;;) {
      // oxlint-disable no-await-in-loop -- one life after the other
      const { ended } = await current
      const how = describeEnding(await ended)
      if (ending.aborted) return await forever()
      const now = Date.now()
      if (restarts.filter((moment) => moment > now - withinMs).length >= mostRestarts)
        throw new Error(`${name} ${how} again and again.`)
      restarts.push(now)
      log(`${name} ${how}. Restarting …`)
      current = run(ending)
      await current.catch((cause: unknown) => {
        if (ending.aborted) return forever()
        throw new Error(`${name} ${how} and does not restart: ${String(cause)}`, { cause })
      })
      log(`${name} is back.`)
    }
  }

  return {
    pid,
    failed,
    async stop() {
      stopping.abort()
      const child = await current.catch(() => undefined)
      await child?.ended
    },
  }
}

function describeEnding({ code, signal }: Ending): string {
  return signal === null ? `ended with exit code ${code}` : `was killed by ${signal}`
}

function forever(): Promise<never> {
  return new Promise(() => undefined)
}

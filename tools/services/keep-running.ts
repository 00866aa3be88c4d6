import type { Ending, KeptChild } from './keep-child.ts'
import type { Log } from './service.ts'

const mostRestarts = 3
const withinMs = 60_000

/** A process that is started again when it ends by itself. */
export type KeptRunning = {
  /** Its first process. */
  pid: number
  /** Rejects with the reason when it is given up; never resolves. */
  failed: Promise<never>
  stop: () => Promise<void>
}

type Options = {
  /** As messages name it. */
  name: string
  /** Starts it and waits until it answers. Ends it when the signal aborts. */
  run: (signal: AbortSignal) => Promise<KeptChild>
  log: Log
  signal?: AbortSignal | undefined
}

/**
 * Starts a process and starts it again when it ends, three times a minute at most.
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
      log(`${name} ${how}. Starting it again …`)
      current = run(ending)
      await current.catch((cause: unknown) => {
        if (ending.aborted) return forever()
        throw new Error(`${name} ${how} and does not start again: ${String(cause)}`, { cause })
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
  return signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`
}

function forever(): Promise<never> {
  return new Promise(() => undefined)
}

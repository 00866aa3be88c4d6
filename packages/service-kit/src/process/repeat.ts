import type { Logger } from 'pino'

type Repeated = {
  /** What the work does, for the log: `removing old blocks`. */
  what: string
  /** Milliseconds between two runs. */
  everyMs: number
  logger: Logger
  work: () => Promise<void>
}

/**
 * Runs `work` at an interval, never twice at once: a beat during a run is skipped. A failure is logged,
 * and the next beat tries again. The timer does not keep the process alive. `stop` waits for the run
 * in progress.
 */
export function repeat({ what, everyMs, logger, work }: Repeated): { stop: () => Promise<void> } {
  let underWay: Promise<void> | undefined
  const timer = setInterval(() => {
    underWay ??= work()
      .catch((error: unknown) => {
        logger.warn({ err: error }, `${what} failed; the next run tries again`)
      })
      .finally(() => (underWay = undefined))
  }, everyMs).unref()
  return {
    async stop() {
      clearInterval(timer)
      await underWay
    },
  }
}

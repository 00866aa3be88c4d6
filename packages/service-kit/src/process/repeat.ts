import type { Logger } from 'pino'

type Repeated = {
  /** What is done, for the log: `removing old suspensions`. */
  what: string
  /** Milliseconds between two beats. */
  everyMs: number
  logger: Logger
  work: () => Promise<void>
}

/**
 * Does something again and again, never twice at once: a beat that comes while it is still being done
 * is left out. A failure is logged and the next time comes. It keeps no process alive. `stop` waits
 * for what is under way.
 */
export function repeat({ what, everyMs, logger, work }: Repeated): { stop: () => Promise<void> } {
  let underWay: Promise<void> | undefined
  const timer = setInterval(() => {
    underWay ??= work()
      .catch((error: unknown) => {
        logger.warn({ err: error }, `${what} has failed, and is tried again`)
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

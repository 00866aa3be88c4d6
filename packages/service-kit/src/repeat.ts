import type { Logger } from 'pino'

type Repeated = { everyMs: number; logger: Logger; work: () => Promise<void> }

/**
 * Does something again and again, never twice at once: a beat that comes while it is still being done
 * is left out. A failure is logged and the next time comes. It keeps no process alive. `stop` waits
 * for what is under way.
 *
 * @param options.everyMs milliseconds between two beats
 */
export function repeat({ everyMs, logger, work }: Repeated): { stop: () => Promise<void> } {
  let underWay: Promise<void> | undefined
  const timer = setInterval(() => {
    underWay ??= work()
      .catch((error: unknown) => {
        logger.warn({ err: error }, 'something that is done regularly has failed')
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

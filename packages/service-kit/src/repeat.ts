import type { Logger } from 'pino'

type Repeated = { everyMs: number; logger: Logger; work: () => Promise<void> }

/**
 * Does something again and again, never twice at once; a failure is logged and the next time comes.
 * It keeps no process alive. `stop` waits for what is under way.
 *
 * @param options.everyMs milliseconds between two beginnings
 */
export function repeat({ everyMs, logger, work }: Repeated): { stop: () => Promise<void> } {
  let last = Promise.resolve()
  const timer = setInterval(() => {
    last = last.then(work).catch((error: unknown) => {
      logger.warn({ err: error }, 'something that is done regularly has failed')
    })
  }, everyMs).unref()
  return {
    stop() {
      clearInterval(timer)
      return last
    },
  }
}

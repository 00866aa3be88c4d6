import type { Logger } from 'pino'

/** Milliseconds before a continuing outage is logged again. A client retries every 250. */
const AGAIN_AFTER_MS = 30_000

/** Callbacks for the client of a store or a broker: on each error, and when it is connected. */
export type OutageLog = { onError: (error: Error) => void; onReady: () => void }

/** Logs a client's errors, each at most every 30 seconds, and the end of an outage. */
export function logOutage(logger: Logger, store: string): OutageLog {
  const loggedAt = new Map<string, number>()
  return {
    onError({ message }) {
      const now = Date.now()
      if (now - (loggedAt.get(message) ?? -Infinity) < AGAIN_AFTER_MS) return
      if (loggedAt.size >= 20) loggedAt.clear()
      loggedAt.set(message, now)
      logger.warn(`${store} is down: ${message}`)
    },
    onReady() {
      if (loggedAt.size > 0) logger.info(`${store} is back.`)
      loggedAt.clear()
    },
  }
}

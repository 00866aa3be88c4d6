import type { Logger } from 'pino'

/** How often an outage that goes on is logged, in milliseconds: a client tries again every 250. */
const AGAIN_AFTER_MS = 30_000

/** What the client of a store or a broker calls: with each complaint, and when it is connected. */
export type OutageLog = { onError: (error: Error) => void; onReady: () => void }

/** Logs the complaints of a client, the same one only now and then, and the end of an outage. */
export function logOutage(logger: Logger, store: string): OutageLog {
  const loggedAt = new Map<string, number>()
  return {
    onError({ message }) {
      const now = Date.now()
      if (now - (loggedAt.get(message) ?? -Infinity) < AGAIN_AFTER_MS) return
      if (loggedAt.size >= 20) loggedAt.clear()
      loggedAt.set(message, now)
      logger.warn(`${store} is away: ${message}`)
    },
    onReady() {
      if (loggedAt.size > 0) logger.info(`${store} is back.`)
      loggedAt.clear()
    },
  }
}

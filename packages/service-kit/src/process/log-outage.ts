import type { Logger } from 'pino'

/** How often an outage that goes on is logged, in milliseconds: a client tries again every 250. */
const AGAIN_AFTER_MS = 30_000

/** For the client of a store or a broker: logs its complaints, the same one only now and then. */
export function logOutage(logger: Logger, store: string): (error: Error) => void {
  const loggedAt = new Map<string, number>()
  return (error) => {
    const { message } = error
    const now = Date.now()
    if (now - (loggedAt.get(message) ?? -Infinity) < AGAIN_AFTER_MS) return
    if (loggedAt.size >= 20) loggedAt.clear()
    loggedAt.set(message, now)
    logger.warn(`${store} is away: ${message}`)
  }
}

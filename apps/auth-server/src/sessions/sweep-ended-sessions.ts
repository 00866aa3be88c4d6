import type { SessionStore } from 'auth-kit/session'
import { repeat, type Logger } from 'service-kit'

/** Every minute: a server that was killed, or lost Redis, leaves what it had begun. */
const EVERY_MS = 60_000

/** Completes the ends of users' sessions that were cut short, see `SessionStore#completeEnds`. */
export function sweepEndedSessions(deps: { store: SessionStore; logger: Logger }): {
  stop: () => Promise<void>
} {
  return repeat({
    what: 'removing sessions of stock apps that have ended',
    everyMs: EVERY_MS,
    logger: deps.logger,
    work: () => deps.store.completeEnds(),
  })
}

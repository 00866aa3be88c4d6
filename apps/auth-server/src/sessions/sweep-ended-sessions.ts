import type { SessionStore } from 'auth-kit/session'
import { repeat, type Logger } from 'service-kit'

/** A server that is killed or loses Redis leaves unfinished ends behind. */
const EVERY_MS = 60_000

/** Every minute, completes interrupted ends of users' sessions; see `SessionStore#completeEnds`. */
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

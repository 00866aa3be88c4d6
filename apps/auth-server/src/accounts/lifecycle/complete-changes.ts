import { type Logger, repeat } from 'service-kit'
import { findUnfinished } from '../../users/find-unfinished.ts'
import { completeDeletion, type DeletionDeps } from './delete-user.ts'
import { endMarkedSessions } from '../../sessions/end-marked-sessions.ts'

/** Younger than this, the request that began it may still be finishing it. */
const GRACE_MS = 30_000

/**
 * Completes what an outage or the end of a process cut short: deletions that have begun, and the
 * end of sessions that a change of password or address asks for. One failure holds up no other.
 */
export async function completeChanges(
  deps: DeletionDeps & { logger: Logger },
  { now = new Date() }: { now?: Date } = {},
): Promise<void> {
  const { users, logger } = deps
  const { deleting, marked } = await findUnfinished(users, new Date(now.getTime() - GRACE_MS))
  const outcomes = await Promise.allSettled([
    ...deleting.map((user) => completeDeletion(deps, user)),
    ...marked.map((user) => endMarkedSessions(deps, user)),
  ])
  for (const outcome of outcomes)
    if (outcome.status === 'rejected')
      logger.warn({ err: outcome.reason }, 'a change of an account waits to be completed')
}

/**
 * Looks every few seconds for changes of accounts that wait to be completed.
 *
 * @param options.everyMs milliseconds between two looks
 */
export function sweepAccounts({
  everyMs = 10_000,
  ...deps
}: DeletionDeps & { logger: Logger; everyMs?: number }): { stop: () => Promise<void> } {
  return repeat({
    what: 'completing changes of accounts',
    everyMs,
    logger: deps.logger,
    work: () => completeChanges(deps),
  })
}

import { type Logger, repeat } from 'service-kit'
import { findUnfinished } from '../../users/find-unfinished.ts'
import { completeDeletion, type DeletionDeps } from './delete-user.ts'
import { endMarkedSessions } from '../../sessions/end-marked-sessions.ts'

/** A younger change may still be completed by the request that began it. */
const GRACE_MS = 30_000

/**
 * Completes changes that an outage or the end of a process interrupted: deletions, and the end of
 * sessions after a change of password, address, roles or state. One failure does not stop the others.
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
      logger.warn({ err: outcome.reason }, 'a change of an account could not be completed yet')
}

/**
 * Runs `completeChanges` every few seconds.
 *
 * @param options.everyMs milliseconds between two runs
 */
export function sweepAccounts({
  everyMs = 10_000,
  ...deps
}: DeletionDeps & { logger: Logger; everyMs?: number }): { stop: () => Promise<void> } {
  return repeat({
    what: 'completing account changes',
    everyMs,
    logger: deps.logger,
    work: () => completeChanges(deps),
  })
}

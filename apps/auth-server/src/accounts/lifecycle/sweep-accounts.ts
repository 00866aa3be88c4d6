import { repeat, type Logger } from 'service-kit'
import { completeChanges } from './complete-changes.ts'
import type { DeletionDeps } from './delete-user.ts'

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

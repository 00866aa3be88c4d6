import type { Logger } from 'service-kit'
import { completeChanges } from './complete-changes.ts'
import type { DeletionDeps } from './delete-user.ts'

/**
 * Looks every few seconds whether a change of an account waits to be completed.
 *
 * @param options.everyMs milliseconds between two looks
 */
export function sweepAccounts({
  everyMs = 10_000,
  ...deps
}: DeletionDeps & { logger: Logger; everyMs?: number }): { stop: () => Promise<void> } {
  let look = Promise.resolve()
  const timer = setInterval(() => {
    look = look
      .then(() => completeChanges(deps))
      .catch((error: unknown) => {
        deps.logger.warn({ err: error }, 'accounts cannot be looked through')
      })
  }, everyMs).unref()
  return {
    stop() {
      clearInterval(timer)
      return look
    },
  }
}

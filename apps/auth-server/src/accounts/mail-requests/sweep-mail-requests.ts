import { repeat, type Logger } from 'service-kit'
import type { Relay } from '../../mail/relay.ts'
import { type MailRequestDeps, workOffRequests } from './process-mail-requests.ts'

type Options = MailRequestDeps & {
  relay: Pick<Relay, 'wake'>
  logger: Logger
  /** Milliseconds between two looks. */
  everyMs?: number
}

/**
 * Works off the mail requests on a beat of its own. Woken by a request, the work for an account
 * would slow down the same person's next request, and tell (R9).
 */
export function sweepMailRequests({ everyMs = 1000, relay, logger, ...deps }: Options): {
  stop: () => Promise<void>
} {
  return repeat({
    what: 'working off mail requests',
    everyMs,
    logger,
    async work() {
      if ((await workOffRequests(deps)) > 0) relay.wake()
    },
  })
}

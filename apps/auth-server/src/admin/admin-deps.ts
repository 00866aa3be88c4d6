import type { MailQueues } from 'mail-delivery/queues'
import type { Checks } from 'service-kit'
import type { AccountDeps } from '../accounts/account-deps.ts'
import type { OAuthDeps } from '../oauth/oauth-deps.ts'

/** What the admin pages need. */
export type AdminDeps = AccountDeps &
  OAuthDeps & {
    /** The queues that e-mails go through; undefined without RabbitMQ. */
    mailQueues: MailQueues | undefined
    /** The dependencies that must answer for this server to be ready, by name. */
    checks: Checks
  }

import type { SessionStore } from 'auth-kit/session'
import type { MailQueues } from 'mail-delivery/queues'
import type { Logger } from 'service-kit'
import { sweepAccounts } from '../accounts/lifecycle/complete-changes.ts'
import type { Audit } from '../audit/create-audit.ts'
import type { Config } from '../config/config.ts'
import type { Invites } from '../accounts/invitations/invite.model.ts'
import type { MailRequests } from '../accounts/mail-requests/mail-request.model.ts'
import type { Reservations } from '../accounts/reservations/reservation.model.ts'
import { sweepReservations } from '../accounts/reservations/sweep-reservations.ts'
import { sweepMailRequests } from '../accounts/mail-requests/process-mail-requests.ts'
import { accountOutboxes } from '../accounts/links/account-outboxes.ts'
import { composeMail } from '../accounts/links/compose-mail.ts'
import { openMailTransport } from '../mail/open-mail-transport.ts'
import { createRelay, type Relay } from '../mail/relay.ts'
import type { FactorStore } from '../sign-in/factors/factors.model.ts'
import type { SignIns } from '../sessions/sign-in.model.ts'
import {
  ensureInviteIndexes,
  ensureReservationIndexes,
  ensureUserIndexes,
} from './ensure-indexes.ts'
import type { Users } from '../users/user.model.ts'

type Deps = {
  config: Config
  users: Users
  invites: Invites
  mailRequests: MailRequests
  reservations: Reservations
  audit: Audit
  signIns: SignIns
  factors: FactorStore
  store: SessionStore
  logger: Logger
}

/** `stop` resolves when running work has ended or its short grace period is over. */
type KeptUsers = {
  relay: Pick<Relay, 'wake'>
  /** The queues that carry e-mails; undefined without RabbitMQ. */
  mailQueues: MailQueues | undefined
  stop: () => Promise<void>
}

const nothingKept: KeptUsers = {
  relay: { wake: () => undefined },
  mailQueues: undefined,
  stop: async () => undefined,
}

/**
 * The background work for users in this server's MongoDB: creates their indexes, sends requested
 * e-mails and those in outboxes, and completes interrupted changes. With a user service nothing runs.
 *
 * @throws Error naming the missing index
 */
export async function keepOwnUsers(deps: Deps): Promise<KeptUsers> {
  const { config, users, invites, reservations, logger } = deps
  if (config.userService) return nothingKept
  await ensureUserIndexes(users)
  await ensureInviteIndexes(invites)
  await ensureReservationIndexes(reservations)
  const transport = openMailTransport({ config, logger, onReady: () => relay.wake() })
  const relay = createRelay({
    outboxes: accountOutboxes({ users, invites, reservations }),
    compose: (entry, owner) => composeMail(config, entry, owner),
    send: (message, record) => transport.send(message, record),
    logger,
  })
  const sweeps = [
    sweepAccounts(deps),
    sweepMailRequests({ ...deps, relay }),
    sweepReservations({ reservations, logger }),
  ]
  return {
    relay,
    mailQueues: transport.queues,
    async stop() {
      await Promise.all([relay, ...sweeps].map((running) => running.stop()))
      await transport.close()
    },
  }
}

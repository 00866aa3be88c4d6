import { type Logger, repeat } from 'service-kit'
import type { Audit } from '../../audit/create-audit.ts'
import type { Users } from '../../users/user.model.ts'
import { queueConfirmationAgain } from '../reservations/queue-confirmation-again.ts'
import type { Reservations } from '../reservations/reservation.model.ts'
import type { MailRequest, MailRequests } from './mail-request.model.ts'
import { queueMail } from './queue-requested-mail.ts'
import type { Relay } from '../../mail/relay.ts'

type MailRequestDeps = {
  mailRequests: MailRequests
  users: Users
  reservations: Reservations
  audit: Pick<Audit, 'mailRequested'>
}

const AT_ONCE = 10
// After this time another server may process the request, because the first may have died.
const LEASE_MS = 10_000

/**
 * Queues the e-mails that were requested. Several servers may run it, because a request is leased
 * while it is processed and removed only once its e-mail is queued. An interrupted request is
 * processed again, with the same e-mail id, and never lost.
 *
 * @returns how many requests were due
 */
export async function processMailRequests(deps: MailRequestDeps): Promise<number> {
  const { mailRequests, users, reservations, audit } = deps
  const now = new Date()
  const due = await mailRequests
    .find({ dueAt: { $lte: now } })
    .limit(AT_ONCE)
    .lean()
  await Promise.all(
    due.map(async (request) => {
      if (!(await lease(mailRequests, request, now))) return
      const { _id: id, kind, emailKey } = request
      const user = await queueMail(users, { id, kind, emailKey })
      if (kind === 'confirm') await queueConfirmationAgain(reservations, { id, emailKey })
      // Without the requester, who is not stored, so that nothing reveals the account (R9).
      audit.mailRequested(null, { user, mail: kind })
      await mailRequests.deleteOne({ _id: id })
    }),
  )
  return due.length === AT_ONCE ? AT_ONCE + (await processMailRequests(deps)) : due.length
}

async function lease(
  mailRequests: MailRequests,
  { _id, dueAt }: MailRequest,
  now: Date,
): Promise<boolean> {
  const unchanged = { _id, dueAt: { $eq: dueAt } }
  const leased = { $set: { dueAt: new Date(now.getTime() + LEASE_MS) } }
  const { modifiedCount } = await mailRequests.updateOne(unchanged, leased)
  return modifiedCount === 1
}

type Options = MailRequestDeps & {
  relay: Pick<Relay, 'wake'>
  logger: Logger
  /** Milliseconds between two runs. */
  everyMs?: number
}

/**
 * Processes requests at its own pace. Woken by a request, the work for an existing account would slow
 * down the same person's next request and so reveal it (R9).
 */
export function sweepMailRequests({ everyMs = 1000, relay, logger, ...deps }: Options): {
  stop: () => Promise<void>
} {
  return repeat({
    what: 'processing e-mail requests',
    everyMs,
    logger,
    async work() {
      if ((await processMailRequests(deps)) > 0) relay.wake()
    },
  })
}

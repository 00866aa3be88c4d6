import { type Logger, repeat } from 'service-kit'
import type { Audit } from '../../audit/create-audit.ts'
import type { Users } from '../../users/user.model.ts'
import type { MailRequest, MailRequests } from './mail-request.model.ts'
import { queueMail } from './queue-requested-mail.ts'
import type { Relay } from '../../mail/relay.ts'

type MailRequestDeps = {
  mailRequests: MailRequests
  users: Users
  audit: Pick<Audit, 'mailRequested'>
}

const AT_ONCE = 10
// After this time another server works off what a dead one had begun.
const LEASE_MS = 10_000

/**
 * Queues the mails that were asked for by now. Several servers may do it: a request is leased while
 * it is worked off, and is removed only when its mail is queued. Interrupted at any point, it is
 * done again, with a mail of the same id, and never lost.
 *
 * @returns how many there were
 */
export async function processMailRequests(deps: MailRequestDeps): Promise<number> {
  const { mailRequests, users, audit } = deps
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
      // It says nothing about who asked: that is not kept, so that nothing tells (R9).
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
      if ((await processMailRequests(deps)) > 0) relay.wake()
    },
  })
}

import {
  type DeadMail,
  DeadMailsHeld,
  dropDead,
  listDead,
  type MailQueues,
  replayDead,
} from 'mail-delivery/queues'
import type { AuditSource } from '../audit/build-audit-record.ts'
import type { Audit } from '../audit/create-audit.ts'
import { amqpAway, deadMailsHeld } from '../http/errors.ts'
import type { Invites } from '../accounts/invitations/invite.model.ts'
import type { Users } from '../users/user.model.ts'
import { dropGivenUp, listGivenUp, retryGivenUp } from './failed-mails.ts'

type Deps = {
  users: Users
  invites: Invites
  /** Undefined where mails go through no queue. */
  mailQueues: MailQueues | undefined
}
type ActDeps = Deps & { audit: Audit }
/** Which mails: all where no ids are given. */
type Chosen = { ids?: readonly string[]; from: AuditSource }

/** A mail that nobody tries any more, and where it lies. */
export type PlacedDeadMail = DeadMail & { place: 'queue' | 'outbox' }

/** Some of them, and how many there are. */
export type DeadMails = { mails: PlacedDeadMail[]; total: number }

/** More than that is no list to look through. */
const LISTED = 200

/**
 * The mails that could not be sent, those in the dead-letter queue first; never their link.
 *
 * @param options.secrets MAIL_SECRETS: what opens those in the queue
 * @throws Problem 503 `amqp_away`; 409 `dead_mails_held`
 */
export async function listDeadMails(
  deps: Deps,
  { secrets, limit = LISTED }: { secrets: readonly string[]; limit?: number },
): Promise<DeadMails> {
  const waiting = await listDeadInOutboxes(deps, { limit })
  const none = { mails: [], total: 0 }
  const parked = await inQueue(deps, (queues) => listDead(queues, { secrets, limit }), none)
  const inIt = parked.mails.map((mail) => ({ ...mail, place: 'queue' as const }))
  const mails = [...inIt, ...waiting.mails].slice(0, limit)
  return { mails, total: parked.total + waiting.total }
}

/** Those of them that lie in outboxes. */
export async function listDeadInOutboxes(
  deps: Omit<Deps, 'mailQueues'>,
  { limit = LISTED }: { limit?: number } = {},
): Promise<DeadMails> {
  const { mails, total } = await listGivenUp(deps, { limit })
  return { mails: mails.map((mail) => ({ ...mail, place: 'outbox' })), total }
}

/**
 * Has them tried again, from the first try on; gives how many.
 *
 * @throws Problem 503 `amqp_away`; 409 `dead_mails_held`
 */
export async function replayDeadMails(deps: ActDeps, { ids, from }: Chosen): Promise<number> {
  const chosen = ids ? { ids } : {}
  const parked = await inQueue(deps, (queues) => replayDead(queues, chosen), 0)
  const replayed = parked + (await retryGivenUp(deps, chosen))
  if (replayed > 0) deps.audit.mailReplayed(from, { mail: ids?.join(' ') ?? 'all' })
  return replayed
}

/** Throws them away for good; gives how many, and throws as above. */
export async function dropDeadMails(deps: ActDeps, { ids, from }: Chosen): Promise<number> {
  const chosen = ids ? { ids } : {}
  const parked = await inQueue(deps, (queues) => dropDead(queues, chosen), 0)
  const dropped = parked + (await dropGivenUp(deps, chosen))
  if (dropped > 0) deps.audit.mailDropped(from, { mail: ids?.join(' ') ?? 'all' })
  return dropped
}

async function inQueue<Result>(
  { mailQueues }: Deps,
  work: (queues: MailQueues) => Promise<Result>,
  otherwise: Result,
): Promise<Result> {
  if (!mailQueues) return otherwise
  return work(mailQueues).catch((cause: unknown) => {
    throw cause instanceof DeadMailsHeld ? deadMailsHeld(cause) : amqpAway(cause)
  })
}

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
import { dropGivenUp, listGivenUp, retryGivenUp } from './failed-mails.ts'
import type { Outbox } from './outboxes.ts'

type Deps = {
  outboxes: readonly Outbox[]
  /** Undefined if e-mails go straight to SMTP. */
  mailQueues: MailQueues | undefined
}
type ActDeps = Deps & { audit: Audit }
/** Which e-mails: all of them without ids. */
type Chosen = { ids?: readonly string[]; from: AuditSource }

/** An e-mail that is no longer tried, and where it is kept. */
export type PlacedDeadMail = DeadMail & { place: 'queue' | 'outbox' }

/** A page of them, and how many there are in total. */
export type DeadMails = { mails: PlacedDeadMail[]; total: number }

/** Nobody reads a longer list. */
const LISTED = 200

/**
 * E-mails that could not be sent, those in the dead-letter queue first; never their link.
 *
 * @param options.secrets MAIL_SECRETS, which open those in the queue
 * @throws Problem 503 `amqp_away`; 409 `dead_mails_held`
 */
export async function listDeadMails(
  deps: Deps,
  { secrets, limit = LISTED }: { secrets: readonly string[]; limit?: number },
): Promise<DeadMails> {
  const waiting = await listDeadInOutboxes(deps.outboxes, { limit })
  const none = { mails: [], total: 0 }
  const parked = await inQueue(deps, (queues) => listDead(queues, { secrets, limit }), none)
  const inQueues = parked.mails.map((mail) => ({ ...mail, place: 'queue' as const }))
  const mails = [...inQueues, ...waiting.mails].slice(0, limit)
  return { mails, total: parked.total + waiting.total }
}

/** E-mails that could not be sent and are still in an outbox; never their link. */
export async function listDeadInOutboxes(
  outboxes: readonly Outbox[],
  { limit = LISTED }: { limit?: number } = {},
): Promise<DeadMails> {
  const { mails, total } = await listGivenUp(outboxes, { limit })
  return { mails: mails.map((mail) => ({ ...mail, place: 'outbox' })), total }
}

/**
 * Sends them again, starting from the first attempt. Returns how many.
 *
 * @throws Problem 503 `amqp_away`; 409 `dead_mails_held`
 */
export async function replayDeadMails(deps: ActDeps, { ids, from }: Chosen): Promise<number> {
  const chosen = ids ? { ids } : {}
  const parked = await inQueue(deps, (queues) => replayDead(queues, chosen), 0)
  const replayed = parked + (await retryGivenUp(deps.outboxes, chosen))
  if (replayed > 0) deps.audit.mailReplayed(from, { mail: ids?.join(' ') ?? 'all' })
  return replayed
}

/** Deletes them for good. Returns how many; throws like `replayDeadMails`. */
export async function dropDeadMails(deps: ActDeps, { ids, from }: Chosen): Promise<number> {
  const chosen = ids ? { ids } : {}
  const parked = await inQueue(deps, (queues) => dropDead(queues, chosen), 0)
  const dropped = parked + (await dropGivenUp(deps.outboxes, chosen))
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

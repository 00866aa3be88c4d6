import { setTimeout as sleep } from 'node:timers/promises'
import { type MailMessage, queues } from 'mail-contract'
import { MailError } from 'mail-delivery'
import type { Logger } from 'service-kit'
import type { Invites } from '../accounts/invitations/invite.model.ts'
import { isRequestedMail, type OutboxEntry } from './mail-entry.ts'
import type { Users } from '../users/user.model.ts'
import { changeMail, type DueMail, findDueMails, type MailOwner, removeMail } from './outboxes.ts'
import { UnsendableMail, TransportUnavailable } from './mail-errors.ts'

export type Relay = {
  /** Something was put into an outbox: it is sent at once. Neither waits nor fails. */
  wake(): void
  /** Begins nothing more, and waits a little for what is under way: the rest stays where it is. */
  stop(): Promise<void>
}

type RelayDeps = {
  users: Users
  invites: Invites
  /** The mail as it is sent, its links included. */
  compose: (entry: OutboxEntry, owner: MailOwner) => MailMessage
  /** Hands the mail over to somebody else for good, and calls `record` then. */
  send: (message: MailMessage, record: () => Promise<void>) => Promise<void>
  logger: Logger
  /** Milliseconds between two looks at the outboxes. */
  sweepMs?: number
}

// Fewer than there are connections to the database: requests want some too.
const AT_ONCE = 10
// How long `stop` waits for mails that are being sent.
const GOODBYE_MS = 3_000
// A server has this long to send a mail. After that another one does: the first may be dead (F13).
const LEASE_MS = 25_000
const retryDelaysMs = queues().retries.map(({ delayMs }) => delayMs)

/**
 * Sends what lies in the outboxes of users and invites, and takes an entry out only after the mail
 * was taken over. Several servers may run one: an entry is leased while it is being sent. At worst
 * a mail is sent twice, under the same id; it is never lost.
 */
export function createRelay({ sweepMs = 2000, ...deps }: RelayDeps): Relay {
  const sending = new Set<Promise<void>>()
  let isLooking = false
  let lookAgain = false
  /** Nothing can be sent: the next sweep tries again. */
  let isBlocked = false
  let isStopped = false

  const mayLook = () => lookAgain && !isBlocked && !isStopped

  async function look(): Promise<void> {
    lookAgain = true
    if (isLooking) return
    isLooking = true
    while (mayLook()) {
      lookAgain = false
      // oxlint-disable-next-line no-await-in-loop
      for (const mail of await leaseMails(deps, AT_ONCE - sending.size)) track(mail)
    }
    isLooking = false
  }

  function track(mail: DueMail): void {
    const attempt = deliver(deps, mail).then((outcome) => {
      sending.delete(attempt)
      if (outcome === 'blocked') isBlocked = true
      else void look()
    })
    sending.add(attempt)
  }

  const sweep = setInterval(() => {
    isBlocked = false
    void look()
  }, sweepMs).unref()
  void look()

  return {
    wake: () => void look(),
    async stop() {
      isStopped = true
      clearInterval(sweep)
      await Promise.race([Promise.all(sending), sleep(GOODBYE_MS, undefined, { ref: false })])
    },
  }
}

/** Due mails that are now ours to send; none while the database is away. */
async function leaseMails(deps: RelayDeps, limit: number): Promise<DueMail[]> {
  if (limit <= 0) return []
  try {
    const now = new Date()
    const due = (await findDueMails(deps, { now, limit })).slice(0, limit)
    const dueAt = new Date(now.getTime() + LEASE_MS)
    const leased = await Promise.all(
      due.map((mail) => changeMail(mail, { dueAt, attempts: mail.entry.attempts + 1 })),
    )
    return leased.filter((mail) => mail !== undefined)
  } catch (error) {
    deps.logger.warn({ err: error }, 'the outboxes cannot be read')
    return []
  }
}

async function deliver(deps: RelayDeps, mail: DueMail): Promise<'sent' | 'blocked' | 'failed'> {
  const record = () =>
    removeMail(mail).catch((error: unknown) =>
      deps.logger.warn({ err: error, mail: mail.entry.id }, 'a mail will be sent again'),
    )
  try {
    await deps.send(deps.compose(mail.entry, mail.owner), record)
    return 'sent'
  } catch (error) {
    await noteFailure(mail, afterFailure(deps, mail.entry, error)).catch((cause: unknown) =>
      deps.logger.warn({ err: cause }, 'a mail waits for its lease to end'),
    )
    return error instanceof TransportUnavailable ? 'blocked' : 'failed'
  }
}

/**
 * A mail that anybody may ask for takes the place of those like it that were given up before, or a
 * stranger could fill a user's document by asking for months.
 */
async function noteFailure(mail: DueMail, state: Partial<OutboxEntry>): Promise<void> {
  const changed = await changeMail(mail, state)
  if (!changed?.entry.failedAt || !isRequestedMail(mail.entry.kind)) return
  const { outbox } = 'user' in mail.owner ? mail.owner.user : mail.owner.invite
  for (const entry of outbox)
    if (entry.failedAt && entry.kind === mail.entry.kind && entry.to === mail.entry.to)
      // One at a time: it is one document.
      // oxlint-disable-next-line no-await-in-loop
      await removeMail({ ...mail, entry })
}

function afterFailure(
  { logger }: RelayDeps,
  { id, kind, attempts }: OutboxEntry,
  error: unknown,
): Partial<OutboxEntry> {
  const now = new Date()
  if (error instanceof TransportUnavailable) return { dueAt: now, attempts: attempts - 1 }
  const reason = error instanceof Error ? error.message : String(error)
  const delayMs = isPermanent(error) ? undefined : retryDelaysMs[attempts - 1]
  if (delayMs !== undefined) {
    logger.warn({ err: error, mail: id, kind, attempts }, 'a mail is tried again later')
    return { dueAt: new Date(now.getTime() + delayMs) }
  }
  logger.error({ err: error, mail: id, kind, attempts }, 'a mail is given up')
  return { dueAt: null, failedAt: now, reason }
}

function isPermanent(error: unknown): boolean {
  if (error instanceof MailError) return !error.temporary
  return error instanceof UnsendableMail
}

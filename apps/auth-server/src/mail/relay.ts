import { setTimeout as sleep } from 'node:timers/promises'
import { type MailMessage, queues } from 'mail-contract'
import { MailError } from 'mail-delivery'
import type { Logger } from 'service-kit'
import { isRequestedMail, type OutboxEntry } from './mail-entry.ts'
import { changeMail, type DueMail, findDueMails, type Outbox, removeMail } from './outboxes.ts'
import { UnsendableMail, TransportUnavailable } from './mail-errors.ts'

export type Relay = {
  /** Sends what was just added to an outbox. Neither waits nor fails. */
  wake(): void
  /** Starts nothing new and waits briefly for what is under way; the rest stays in its outbox. */
  stop(): Promise<void>
}

type RelayDeps<Owner> = {
  outboxes: readonly Outbox<Owner>[]
  /** The e-mail as it is sent, with its links. */
  compose: (entry: OutboxEntry, owner: Owner) => MailMessage
  /** Hands the e-mail over for good, then calls `record`. */
  send: (message: MailMessage, record: () => Promise<void>) => Promise<void>
  logger: Logger
  /** Milliseconds between two sweeps of the outboxes. */
  sweepMs?: number
}

// Fewer than the database connections, because requests need some too.
const AT_ONCE = 10
// How long `stop` waits for e-mails being sent.
const GOODBYE_MS = 3_000
// After this long another server takes the e-mail over, because the first may have died (F13).
const LEASE_MS = 25_000
const retryDelaysMs = queues().retries.map(({ delayMs }) => delayMs)

/**
 * Sends what is in the outboxes and removes an entry only after its e-mail was handed over. Several
 * servers can each run a relay, because an entry is leased while it is sent. At worst an e-mail is
 * sent twice, under the same id; it is never lost.
 */
export function createRelay<Owner>({ sweepMs = 2000, ...deps }: RelayDeps<Owner>): Relay {
  const sending = new Set<Promise<void>>()
  let isLooking = false
  let lookAgain = false
  /** Nothing can be sent until the next sweep. */
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

  function track(mail: DueMail<Owner>): void {
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

/** Leases due e-mails for this server to send; empty while the database is down. */
async function leaseMails<Owner>(
  deps: Pick<RelayDeps<Owner>, 'outboxes' | 'logger'>,
  limit: number,
): Promise<DueMail<Owner>[]> {
  if (limit <= 0) return []
  try {
    const now = new Date()
    const due = (await findDueMails(deps.outboxes, { now, limit })).slice(0, limit)
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

async function deliver<Owner>(
  deps: RelayDeps<Owner>,
  mail: DueMail<Owner>,
): Promise<'sent' | 'blocked' | 'failed'> {
  const record = () =>
    removeMail(mail).catch((error: unknown) =>
      deps.logger.warn({ err: error, mail: mail.entry.id }, 'an e-mail will be sent twice'),
    )
  try {
    await deps.send(deps.compose(mail.entry, mail.owner), record)
    return 'sent'
  } catch (error) {
    await noteFailure(mail, afterFailure(deps, mail.entry, error)).catch((cause: unknown) =>
      deps.logger.warn({ err: cause }, 'an e-mail waits for its lease to end'),
    )
    return error instanceof TransportUnavailable ? 'blocked' : 'failed'
  }
}

/**
 * A failed e-mail that anyone can request replaces earlier failures of its kind. Otherwise a
 * stranger could fill a user's document by asking for months.
 */
async function noteFailure(mail: DueMail<unknown>, state: Partial<OutboxEntry>): Promise<void> {
  const changed = await changeMail(mail, state)
  if (!changed?.entry.failedAt || !isRequestedMail(mail.entry.kind)) return
  for (const entry of mail.outbox)
    if (entry.failedAt && entry.kind === mail.entry.kind && entry.to === mail.entry.to)
      // One at a time, because it is one document.
      // oxlint-disable-next-line no-await-in-loop
      await removeMail({ ...mail, entry })
}

function afterFailure(
  { logger }: { logger: Logger },
  { id, kind, attempts }: OutboxEntry,
  error: unknown,
): Partial<OutboxEntry> {
  const now = new Date()
  if (error instanceof TransportUnavailable) return { dueAt: now, attempts: attempts - 1 }
  const reason = error instanceof Error ? error.message : String(error)
  const delayMs = isPermanent(error) ? undefined : retryDelaysMs[attempts - 1]
  if (delayMs !== undefined) {
    logger.warn(
      { err: error, mail: id, kind, attempts },
      'an e-mail was refused and is tried again later',
    )
    return { dueAt: new Date(now.getTime() + delayMs) }
  }
  logger.error({ err: error, mail: id, kind, attempts }, 'an e-mail was given up')
  return { dueAt: null, failedAt: now, reason }
}

function isPermanent(error: unknown): boolean {
  if (error instanceof MailError) return !error.temporary
  return error instanceof UnsendableMail
}

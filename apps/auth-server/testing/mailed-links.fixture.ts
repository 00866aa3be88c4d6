import type { MailKind, MailMessage } from 'mail-contract'
import type { OutboxEntry } from '../src/mail/mail-entry.ts'
import type { startTestApp } from './auth-server.fixture.ts'
import { until } from './outbox.fixture.ts'

type Sent = { mails: MailMessage[] }
type Stores = Pick<
  Awaited<ReturnType<typeof startTestApp>>,
  'users' | 'invites' | 'mailRequests' | 'reservations'
>

/**
 * Waits for an e-mail of this kind to this address and returns the newest one. More may follow; use
 * `allMailsTo` to count them.
 */
export async function mailTo(
  { mails }: Sent,
  { to, kind }: { to: string; kind: MailKind },
): Promise<MailMessage> {
  const end = Date.now() + 5000
  while (Date.now() < end) {
    const mail = mails.findLast((mail) => mail.to === to && mail.kind === kind)
    if (mail) return mail
    // oxlint-disable-next-line no-await-in-loop
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`no ${kind} e-mail to ${to}`)
}

/** The link of the button in an e-mail. */
export function linkIn({ data }: MailMessage): URL {
  if (!('link' in data)) throw new Error('this e-mail has no button')
  return new URL(data.link.url)
}

/** The token in the button's link. */
export function tokenIn(mail: MailMessage): string {
  const { searchParams } = linkIn(mail)
  return searchParams.get('token') ?? searchParams.get('confirmation') ?? ''
}

/** The token in the link that says "this was not me". */
export function notMeTokenIn({ data }: MailMessage): string {
  return new URL(data.notMeUrl ?? 'http://missing').searchParams.get('token') ?? ''
}

/** Every e-mail to an address, optionally of one kind, once no more are on their way. */
export async function allMailsTo(
  server: Sent & Stores,
  to: string,
  kind?: MailKind,
): Promise<MailMessage[]> {
  await noMailOnItsWay(server, to)
  return server.mails.filter(isMail(to, kind))
}

/**
 * Waits until every e-mail requested so far, optionally to one address, is sent or given up.
 */
export async function noMailOnItsWay(
  { mails, users, invites, mailRequests, reservations }: Sent & Stores,
  to?: string,
): Promise<void> {
  const waiting = { 'outbox.dueAt': { $gte: new Date(0) } }
  async function isOver(): Promise<boolean> {
    const owners: { outbox: OutboxEntry[] }[] = [
      ...(await users.find(waiting).lean()),
      ...(await invites.find(waiting).lean()),
      ...(await reservations.find(waiting).lean()),
    ]
    const entries = owners.flatMap(({ outbox }) => outbox).filter(({ dueAt }) => dueAt !== null)
    const sent = new Set(mails.map(({ id }) => id))
    return entries.every((entry) => sent.has(entry.id) || (to ?? entry.to) !== entry.to)
  }
  // A request becomes an outbox entry, and the entry an e-mail. This order misses none.
  await until(async () => (await mailRequests.countDocuments()) === 0)
  // As long as a relay's lease, in case a busy database did not answer.
  await until(isOver, 28_000)
}

/**
 * The ids of all e-mails to an address from servers over the same users: sent, or still in an outbox.
 * After an outage of MongoDB they stay there for a while.
 */
export async function mailIdsTo(
  servers: (Sent & Pick<Stores, 'users'>)[],
  { to, kind }: { to: string; kind?: MailKind },
): Promise<Set<string>> {
  const owners = (await servers[0]?.users.find({ 'outbox.to': to }).lean()) ?? []
  const waiting = owners.flatMap(({ outbox }) => outbox)
  const sent = servers.flatMap(({ mails }) => mails)
  const found = [...waiting, ...sent].filter(isMail(to, kind))
  return new Set(found.map(({ id }) => id))
}

function isMail(to: string, kind?: MailKind) {
  return (mail: { to: string; kind: MailKind }) =>
    mail.to === to && (kind === undefined || mail.kind === kind)
}

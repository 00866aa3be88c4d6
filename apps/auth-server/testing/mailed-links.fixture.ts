import type { MailKind, MailMessage } from 'mail-contract'
import type { startTestApp } from './auth-server.fixture.ts'
import { until } from './outbox.fixture.ts'

type Sent = { mails: MailMessage[] }
type Stores = Pick<Awaited<ReturnType<typeof startTestApp>>, 'users' | 'invites' | 'mailRequests'>

/**
 * The newest mail of that kind to that address, as soon as one is sent. Others may follow: how many
 * there are, `allMailsTo` tells.
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
  throw new Error(`no ${kind} mail to ${to}`)
}

/** The address that the button of a mail leads to. */
export function linkIn({ data }: MailMessage): URL {
  if (!('link' in data)) throw new Error('this mail has no button')
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

/** Every mail to an address, of that kind where one is named, once none is on its way any more. */
export async function allMailsTo(
  server: Sent & Stores,
  to: string,
  kind?: MailKind,
): Promise<MailMessage[]> {
  await noMailOnItsWay(server, to)
  return server.mails.filter(isMail(to, kind))
}

/**
 * Waits until every mail that was asked for by now, to that address where one is named, was sent or
 * given up.
 */
export async function noMailOnItsWay(
  { mails, users, invites, mailRequests }: Sent & Stores,
  to?: string,
): Promise<void> {
  const waiting = { 'outbox.dueAt': { $gte: new Date(0) } }
  async function isOver(): Promise<boolean> {
    const owners = [...(await users.find(waiting).lean()), ...(await invites.find(waiting).lean())]
    const entries = owners.flatMap(({ outbox }) => outbox).filter(({ dueAt }) => dueAt !== null)
    const sent = new Set(mails.map(({ id }) => id))
    return entries.every((entry) => sent.has(entry.id) || (to ?? entry.to) !== entry.to)
  }
  // What was asked for becomes an entry, and that a mail: in this order none is overlooked.
  await until(async () => (await mailRequests.countDocuments()) === 0)
  // As long as a relay's lease, where a busy database did not answer.
  await until(isOver, 28_000)
}

/**
 * The ids of all mails to an address, of servers over the same users: sent, or still in an outbox,
 * where one stays for a while that MongoDB went away with.
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

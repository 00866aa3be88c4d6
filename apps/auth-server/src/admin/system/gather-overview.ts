import { countMails, type MailCounts, type MailQueues } from 'mail-delivery/queues'
import { checkDependencies, type DependencyState, withinMs } from 'service-kit'
import { countSignIns, type SignInHour } from '../../audit/count-sign-ins.ts'
import { accountOutboxes } from '../../accounts/links/account-outboxes.ts'
import { countOutboxes } from '../../mail/outboxes.ts'
import type { AdminDeps } from '../admin-deps.ts'

/** The state of the system. Null marks what did not answer in time. */
export type Overview = {
  /** An estimate; undefined with a user service. */
  users: number | null | undefined
  signIns: SignInHour[] | null
  /** How many users and invites have e-mails in their outbox; undefined with a user service. */
  outboxes: number | null | undefined
  /** E-mails in RabbitMQ; undefined without it. */
  queues: MailCounts | null | undefined
  dependencies: Record<string, DependencyState>
}

type OverviewDeps = Pick<
  AdminDeps,
  'users' | 'invites' | 'reservations' | 'auditRecords' | 'mailQueues' | 'checks'
> & { site: Pick<AdminDeps['site'], 'ownUsers'> }

// The time that `checkDependencies` gives a dependency.
const DEADLINE_MS = 1_000

/** Asks all at once and waits a second at most: one that is down does not spoil the other answers. */
export async function gatherOverview(deps: OverviewDeps): Promise<Overview> {
  const { site, users, invites, reservations, auditRecords, mailQueues, checks } = deps
  const [accounts, signIns, outboxes, queues, dependencies] = await Promise.all([
    site.ownUsers ? inTime(users.estimatedDocumentCount().exec()) : undefined,
    inTime(countSignIns(auditRecords)),
    site.ownUsers
      ? inTime(countOutboxes(accountOutboxes({ users, invites, reservations })))
      : undefined,
    mailQueues && inTime(count(mailQueues)),
    checkDependencies(checks),
  ])
  return { users: accounts, signIns, outboxes, queues, dependencies }
}

async function count(mailQueues: MailQueues): Promise<MailCounts> {
  await mailQueues.checkReady()
  return countMails(mailQueues)
}

async function inTime<Answer>(answer: Promise<Answer>): Promise<Answer | null> {
  return withinMs(DEADLINE_MS, () => answer).catch(() => null)
}

import { countMails, type MailCounts, type MailQueues } from 'mail-delivery/queues'
import { checkDependencies, type DependencyState, withinMs } from 'service-kit'
import { countSignIns, type SignInHour } from '../../audit/count-sign-ins.ts'
import { accountOutboxes } from '../../accounts/links/account-outboxes.ts'
import { countOutboxes } from '../../mail/outboxes.ts'
import type { AdminDeps } from '../admin-deps.ts'

/** How things are. Null is what nobody answered in time. */
export type Overview = {
  /** About how many; undefined if a user service keeps them. */
  users: number | null | undefined
  signIns: SignInHour[] | null
  /** How many users and invites have mails that are not handed over yet; undefined as above. */
  outboxes: number | null | undefined
  /** In RabbitMQ; undefined where mails do not go through it. */
  queues: MailCounts | null | undefined
  dependencies: Record<string, DependencyState>
}

type OverviewDeps = Pick<
  AdminDeps,
  'users' | 'invites' | 'auditRecords' | 'mailQueues' | 'checks'
> & { site: Pick<AdminDeps['site'], 'ownUsers'> }

// As long as `checkDependencies` gives a dependency.
const DEADLINE_MS = 1_000

/** Asks everybody at once, nobody for longer than a second: one that is away spoils no other answer. */
export async function gatherOverview(deps: OverviewDeps): Promise<Overview> {
  const { site, users, invites, auditRecords, mailQueues, checks } = deps
  const [accounts, signIns, outboxes, queues, dependencies] = await Promise.all([
    site.ownUsers ? inTime(users.estimatedDocumentCount().exec()) : undefined,
    inTime(countSignIns(auditRecords)),
    site.ownUsers ? inTime(countOutboxes(accountOutboxes({ users, invites }))) : undefined,
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

import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { addCommand } from '../add-command.ts'
import { type Answer, answer } from '../answer.ts'
import { drawFacts } from '../format-table.ts'
import { dependencyChecks } from '../../wiring/dependency-checks.ts'
import { openUserDirectory } from '../../users/directory/open-user-directory.ts'
import { gatherOverview, type Overview } from '../../admin/system/gather-overview.ts'

const BROKER_MS = 2_000

/** Stands in for a Redis that is down. */
const silent = {
  ping: async (): Promise<unknown> => {
    throw new Error('Redis does not answer')
  },
}

/** `overview`: the state of the system at a glance. */
export function addOverviewCommand(program: Command, cli: CliContext): void {
  addCommand(program, {
    usage: 'overview',
    summary: 'The state of the system: users, recent sign-ins, waiting e-mails, dependencies.',
    details: 'The figures of the first admin page; null marks what did not answer in time.',
    examples: ['overview', 'overview --json'],
  }).action(answer(() => look(cli)))
}

async function look(cli: CliContext): Promise<Answer> {
  const config = cli.config()
  const users = await cli.users()
  const directory = openUserDirectory({ config, users })
  const redis = await cli.redis().catch(() => silent)
  const mailQueues = cli.queues()
  await mailQueues?.connection.onConnect(BROKER_MS).catch(() => undefined)
  const overview = await gatherOverview({
    site: { ownUsers: config.userService === undefined },
    users,
    invites: await cli.invites(),
    reservations: await cli.reservations(),
    auditRecords: await cli.auditRecords(),
    mailQueues,
    checks: dependencyChecks({ config, redis, mongo: await cli.mongo(), directory }),
  })
  return { json: overview, text: drawFacts(factsOf(overview)) }
}

function factsOf({ users, signIns, outboxes, queues, dependencies }: Overview) {
  const sumOf = (name: 'signedIn' | 'refused') =>
    signIns?.reduce((sum, hour) => sum + hour[name], 0) ?? null
  return {
    ...(users !== undefined && { users: figure(users) }),
    'signed in, 24 h': figure(sumOf('signedIn')),
    'refused, 24 h': figure(sumOf('refused')),
    ...(outboxes !== undefined && { 'with queued e-mails': figure(outboxes) }),
    ...(queues !== undefined && {
      'e-mails to send': figure(queues?.waiting),
      'e-mails to retry': figure(queues?.retried),
      'dead e-mails': figure(queues?.dead),
    }),
    ...Object.fromEntries(
      Object.entries(dependencies).map(([name, { status, ms }]) => [
        name,
        status === 'up' ? `answers in ${ms} ms` : 'does not answer',
      ]),
    ),
  }
}

function figure(value: number | null | undefined): string {
  return value === null || value === undefined ? 'no answer' : String(value)
}

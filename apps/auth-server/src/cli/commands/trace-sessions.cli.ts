import type { Command } from 'commander'
import { listClients } from '../../oauth/clients/find-client.ts'
import { listFamilies } from '../../oauth/families/find-family.ts'
import { addCommand } from '../add-command.ts'
import { type Answer, answer } from '../answer.ts'
import type { CliContext } from '../cli-context.ts'
import { findUserByName } from '../find-named.ts'
import { drawMoment, drawTable } from '../format-table.ts'

/** `sessions trace`: the sites a user signed in to, and when each was notified of the end. */
export function addTraceCommand(group: Command, cli: CliContext): void {
  addCommand(group, {
    usage: 'trace <user>',
    summary: 'The sites a user signed in to, and when each was notified of the end.',
    examples: ['sessions trace ada --json'],
  }).action(answer((name: string) => trace(cli, name)))
}

async function trace(cli: CliContext, name: string): Promise<Answer> {
  const user = await findUserByName(await cli.users(), name)
  const { signIns, families, clients } = await cli.tokens()
  const [begun, grants, sites] = await Promise.all([
    signIns.find({ userId: user.id }).sort({ startedAt: -1 }).lean(),
    listFamilies(families, user.id),
    listClients(clients),
  ])
  const traced = begun.flatMap(({ _id: id, startedAt, endedAt }) =>
    grants
      .filter(({ signInId }) => signInId === id)
      .map(({ clientId, logoutToldAt, logoutTries }) => {
        const client = sites.find((site) => site.id === clientId)
        const takesNotice = (client?.backchannelLogoutUri ?? null) !== null
        return {
          id,
          startedAt,
          endedAt,
          site: client?.name ?? clientId,
          takesNotice,
          logoutToldAt,
          logoutTries,
        }
      }),
  )
  const rows = traced.map((grant) => [
    grant.id,
    grant.site,
    drawMoment(grant.startedAt),
    grant.endedAt ? drawMoment(grant.endedAt) : 'no',
    noticeOf(grant),
  ])
  const headings = ['sign-in', 'site', 'began', 'ended', 'notified']
  const text = drawTable(headings, rows, `${user.username} has not signed in to a site.`)
  return { json: { userId: user.id, grants: traced }, text }
}

type Grant = {
  endedAt: Date | null
  takesNotice: boolean
  logoutToldAt: Date | null
  logoutTries: number
}

function noticeOf({ endedAt, takesNotice, logoutToldAt, logoutTries }: Grant): string {
  if (logoutToldAt) return drawMoment(logoutToldAt)
  if (!endedAt) return ''
  return takesNotice ? `not yet, after ${logoutTries} tries` : 'has no logout URI'
}

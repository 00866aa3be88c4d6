import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { addCommand, addCommandGroup, pageLimit } from '../add-command.ts'
import { type Answer, answer } from '../answer.ts'
import { askWhether } from '../ask.ts'
import { drawTable } from '../format-table.ts'
import { wrongUsage } from '../cli-error.ts'
import {
  dropDeadMails,
  listDeadMails,
  type PlacedDeadMail,
  replayDeadMails,
} from '../../mail/dead-mails.ts'
import { accountOutboxes } from '../../accounts/links/account-outboxes.ts'

type Dropping = { all?: boolean; yes?: boolean }

const deadDetails = `An e-mail that failed for good is in the queue mail.dead, or in its outbox if the auth server sends
e-mails itself or could not write it. Its link is never shown.`

/** `mail`: dead e-mails. */
export function addMailCommands(program: Command, cli: CliContext): void {
  const group = addCommandGroup(program, {
    name: 'mail',
    summary: 'Show dead e-mails and queue them again.',
    examples: ['mail dead', 'mail replay'],
  })
  addCommand(group, {
    usage: 'dead',
    summary: 'The e-mails that failed for good: kind, address and reason.',
    details: deadDetails,
    examples: ['mail dead --json', 'mail dead --limit 1000'],
  })
    .option('--limit <n>', 'how many, oldest first, 1 to 1000', '200')
    .action(answer((options: { limit: string }) => dead(cli, options)))

  addCommand(group, {
    usage: 'replay [id...]',
    summary: 'Queue these e-mails again, or all of them, from their first attempt.',
    examples: ['mail replay', 'mail replay 5b0cf5f5-6d8c-4f61-9d0c-1f6c3a1f7a52 --json'],
  }).action(answer((ids: string[]) => replay(cli, ids)))

  addCommand(group, {
    usage: 'drop [id...]',
    summary: 'Delete these e-mails for good.',
    examples: ['mail drop 5b0cf5f5-6d8c-4f61-9d0c-1f6c3a1f7a52', 'mail drop --all --yes'],
  })
    .option('--all', 'all of them')
    .option('--yes', 'skip the confirmation')
    .action(answer((ids: string[], options: Dropping) => drop(cli, ids, options)))
}

async function dead(cli: CliContext, options: { limit: string }): Promise<Answer> {
  const limit = pageLimit(options.limit)
  const deps = await places(cli)
  const listed = await listDeadMails(deps, { secrets: cli.config().mailSecrets, limit })
  const { mails, total } = listed
  const headings = ['id', 'kind', 'to', 'failed', 'tries', 'in', 'reason']
  const table = drawTable(headings, mails.map(row), 'There are no dead e-mails.')
  const more = total > mails.length ? `\n\nShowing ${mails.length} of ${total}.` : ''
  return { json: listed, text: table + more }
}

function row({ id, kind, to, failedAt, tries, place, reason }: PlacedDeadMail) {
  return [id ?? '', kind ?? '?', to ?? '?', failedAt ?? '', String(tries), place, reason]
}

async function replay(cli: CliContext, given: string[]): Promise<Answer> {
  const chosen = given.length === 0 ? {} : { ids: given }
  const deps = { ...(await places(cli)), audit: await cli.audit() }
  const replayed = await replayDeadMails(deps, { ...chosen, from: null })
  const failed = replayed < given.length
  const text = `${count(replayed)} queued again.${failed ? ' The others do not exist.' : ''}`
  return { json: { replayed }, text, failed }
}

async function drop(cli: CliContext, given: string[], options: Dropping): Promise<Answer> {
  const { all = false } = options
  if (all !== (given.length === 0)) throw wrongUsage('Name the e-mails to drop, or use --all.')
  const chosen = all ? {} : { ids: given }
  await askWhether(`Delete ${all ? 'all dead e-mails' : count(given.length)} for good?`, options)
  const deps = { ...(await places(cli)), audit: await cli.audit() }
  const dropped = await dropDeadMails(deps, { ...chosen, from: null })
  const failed = dropped < given.length
  const text = `${count(dropped)} deleted.${failed ? ' The others do not exist.' : ''}`
  return { json: { dropped }, text, failed }
}

/** The places that hold dead e-mails. */
async function places(cli: CliContext) {
  const stores = {
    users: await cli.users(),
    invites: await cli.invites(),
    reservations: await cli.reservations(),
  }
  return { outboxes: accountOutboxes(stores), mailQueues: cli.queues() }
}

function count(mails: number): string {
  return mails === 1 ? '1 e-mail' : `${mails} e-mails`
}

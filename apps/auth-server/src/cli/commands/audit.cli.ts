import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import { isStoreDown, validate } from 'service-kit'
import type { CliContext } from '../cli-context.ts'
import { addCommand, addCommandGroup, pageLimit } from '../add-command.ts'
import { type Answer, answer } from '../answer.ts'
import { CliError } from '../cli-error.ts'
import { drawMoment, drawTable } from '../format-table.ts'
import { auditEventNames } from '../../audit/audit-events.ts'
import { type AuditFilter, auditFilterInput } from '../../audit/audit-filter.ts'
import { exportAuditCsv } from '../../audit/export-audit-csv.ts'
import { listAuditEvents, type ListedEvent } from '../../audit/list-audit-events.ts'

type Page = Record<string, string> & { limit: string; after?: string }

const filterDetails = `Days are in UTC. Events: ${auditEventNames.join(', ')}.`

/** `audit`: what happened, to whom, by whom and from which address. */
export function addAuditCommands(program: Command, cli: CliContext): void {
  const group = addCommandGroup(program, {
    name: 'audit',
    summary: 'Search the audit log or export it as CSV.',
    examples: ['audit list --subject ada', 'audit export audit.csv --from 2026-11-01'],
  })
  withFilter(
    addCommand(group, {
      usage: 'list',
      summary: 'Audit events, newest first, a page at a time.',
      details: filterDetails,
      examples: ['audit list --event sign_in_failed --from 2026-11-20', 'audit list --json'],
    }),
  )
    .option('--limit <n>', 'how many, 1 to 1000', '50')
    .option('--after <mark>', 'continue after this mark: "next" of the previous page')
    .action(answer((page: Page) => list(cli, page)))

  withFilter(
    addCommand(group, {
      usage: 'export <file>',
      summary: 'Write the audit log to a new file as CSV (RFC 4180).',
      details: filterDetails,
      examples: ['audit export audit.csv', 'audit export ada.csv --subject ada --json'],
    }),
  ).action(answer((file: string, filter: Record<string, string>) => exportTo(cli, file, filter)))
}

function withFilter(command: Command): Command {
  return command
    .option('--event <name>', 'only this event')
    .option('--subject <id>', 'to whom: an id or a name')
    .option('--actor <id>', 'by whom: an id or a name')
    .option('--address <address>', 'from this network address or IPv6 /64')
    .option('--from <day>', 'since this day or moment')
    .option('--to <day>', 'before this day or moment')
}

async function list(cli: CliContext, { limit, after, ...filter }: Page): Promise<Answer> {
  const options = { limit: pageLimit(limit), after }
  const page = await listAuditEvents(await cli.auditRecords(), readFilter(filter), options)
  const headings = ['at', 'event', 'outcome', 'to', 'by', 'from', 'details']
  const table = drawTable(headings, page.events.map(row), 'No event matches.')
  const more = page.next === null ? '' : `\n\nMore: repeat with --after ${page.next}`
  return { json: page, text: table + more }
}

function row(event: ListedEvent): string[] {
  const { at, outcome, address, details } = event
  const facts = Object.entries(details).map(([name, value]) => `${name}=${value}`)
  const subject = event.subjectName ?? event.subjectId ?? ''
  const actor = event.actorName ?? event.actorId ?? ''
  return [drawMoment(at), event.event, outcome, subject, actor, address ?? '', facts.join(' ')]
}

async function exportTo(
  cli: CliContext,
  file: string,
  filter: Record<string, string>,
): Promise<Answer> {
  const rows = await exportAuditCsv(await cli.auditRecords(), readFilter(filter))
  // It holds personal data: only its owner may read it.
  const target = createWriteStream(file, { flags: 'wx', mode: 0o600 })
  let written = -1
  const counted = Readable.from(rows).map((row: string) => {
    written += 1
    return row
  })
  await pipeline(counted, target).catch((cause: unknown) => {
    if (isStoreDown(cause)) throw cause
    const message = `${file} cannot be written: ${cause instanceof Error ? cause.message : 'unknown'}`
    throw new CliError({ code: 'not_written', message, cause })
  })
  return { json: { file, events: written }, text: `Wrote ${written} events to ${file}.` }
}

function readFilter(given: Record<string, string>): AuditFilter {
  return validate(auditFilterInput, given)
}

import { auditCondition, type AuditFilter } from './audit-filter.ts'
import type { AuditRecord, AuditRecords } from './audit-record.model.ts'

const columns = [
  'at',
  'event',
  'outcome',
  'actorId',
  'actorName',
  'subjectId',
  'subjectName',
  'address',
  'userAgent',
  'details',
] as const

/**
 * Exports events as CSV (RFC 4180), newest first, line by line as they come from the database:
 * `pipeline(Readable.from(await exportAuditCsv(…)), res)`.
 *
 * Resolves after the first event is read, so that an outage of the database is answered with an error
 * and not with the start of a file.
 */
export async function exportAuditCsv(
  records: AuditRecords,
  filter: AuditFilter,
): Promise<AsyncGenerator<string>> {
  const found = records
    .find(auditCondition(filter))
    .sort({ at: -1, _id: -1 })
    .lean<AuditRecord[]>()
    .cursor()
  return linesOf(await found.next(), found)
}

async function* linesOf(
  first: AuditRecord | null,
  others: AsyncIterable<AuditRecord>,
): AsyncGenerator<string> {
  yield rowOf(columns)
  if (!first) return
  yield lineOf(first)
  for await (const record of others) yield lineOf(record)
}

function lineOf(record: AuditRecord): string {
  return rowOf(columns.map((column) => textOf(record[column])))
}

function textOf(value: AuditRecord[keyof AuditRecord]): string {
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value)
}

function rowOf(cells: readonly string[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`
}

/** Quotes cells that a spreadsheet would run as a formula (OWASP: CSV injection). */
function cellOf(text: string): string {
  const harmless =
    /^[\s\p{C}]*[=+\-@＝＋－＠]/u.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text
  return `"${harmless.replaceAll('"', '""')}"`
}

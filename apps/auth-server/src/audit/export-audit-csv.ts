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
 * The events as CSV (RFC 4180), the newest first, line by line as they come from the database, for a
 * stream: `pipeline(Readable.from(await exportAuditCsv(…)), res)`.
 *
 * Resolves when the first event is read. So an outage of the database is answered as one, and not
 * with the beginning of a file.
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

/** A spreadsheet takes what begins so for a formula, and runs it (OWASP: CSV injection). */
function cellOf(text: string): string {
  const harmless =
    /^[\s\p{C}]*[=+\-@＝＋－＠]/u.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text
  return `"${harmless.replaceAll('"', '""')}"`
}

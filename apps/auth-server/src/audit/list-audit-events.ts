import { type QueryFilter, Types } from 'mongoose'
import { auditCondition, type AuditFilter } from './audit-filter.ts'
import { type Cursor, readCursor, writeCursor } from '../storage/cursor.ts'
import { wordsOf } from './audit-events.ts'
import type { AuditRecord, AuditRecords } from './audit-record.model.ts'

/** An event for display: `words` is `event` in words. */
export type ListedEvent = Omit<AuditRecord, '_id'> & { id: string; words: string }

export type EventPage = {
  events: ListedEvent[]
  /** The mark for the next page; null on the last one. */
  next: string | null
}

type PageOptions = { limit?: number; after?: string | undefined }

/**
 * Lists `limit` events, newest first, starting after the mark `after` of the previous page. New events do
 * not shift the pages. An invalid `after` starts at the newest.
 */
export async function listAuditEvents(
  records: AuditRecords,
  filter: AuditFilter,
  page: PageOptions = {},
): Promise<EventPage> {
  return await readPage(records, auditCondition(filter), page)
}

/** Lists the events of one subject by its id only: a name may look like an id. */
export async function listEventsOf(
  records: AuditRecords,
  subjectId: string,
  page: PageOptions,
): Promise<EventPage> {
  return await readPage(records, { subjectId: { $eq: subjectId } }, page)
}

async function readPage(
  records: AuditRecords,
  condition: QueryFilter<AuditRecord>,
  { limit = 50, after }: PageOptions,
): Promise<EventPage> {
  const last = readCursor(after)
  const older = last && olderThan(last)
  const found = await records
    .find(older ? { $and: [condition, older] } : condition)
    .sort({ at: -1, _id: -1 })
    .limit(limit + 1)
    .lean()
  const events = found.slice(0, limit).map(listedEvent)
  const end = events.at(-1)
  const next = end && found.length > limit ? writeCursor(end) : null
  return { events, next }
}

function olderThan({ at, id }: Cursor) {
  if (!Types.ObjectId.isValid(id)) return undefined
  return { $or: [{ at: { $lt: at } }, { at: { $eq: at }, _id: { $lt: new Types.ObjectId(id) } }] }
}

function listedEvent({ _id, ...record }: AuditRecord): ListedEvent {
  return { id: _id.toHexString(), ...record, words: wordsOf(record.event) }
}

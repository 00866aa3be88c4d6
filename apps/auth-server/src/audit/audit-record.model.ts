import { type Connection, type Model, Schema, type Types } from 'mongoose'
import {
  collectionOptions,
  optionalText,
  requiredDate,
  requiredText,
} from '../storage/schema-options.ts'

/** An event as MongoDB stores it: written once, never changed, removed by age. */
export type AuditRecord = {
  _id: Types.ObjectId
  at: Date
  /** One of `auditEventNames`. */
  event: string
  outcome: 'success' | 'failure'
  /** Who did it, if known; ids and names as they were at the time. */
  actorId: string | null
  actorName: string | null
  /** The user, client, invite or network address that it was done to. */
  subjectId: string | null
  subjectName: string | null
  /** The network address it came from; null for this server and the command line. */
  address: string | null
  /** The network that the address counts for: the /64 of an IPv6 address. */
  network: string | null
  userAgent: string | null
  details: Record<string, string | number>
}

export type AuditRecords = Model<AuditRecord>

const schema = new Schema<AuditRecord>(
  {
    at: requiredDate,
    event: requiredText,
    outcome: requiredText,
    actorId: optionalText,
    actorName: optionalText,
    subjectId: optionalText,
    subjectName: optionalText,
    address: optionalText,
    network: optionalText,
    userAgent: optionalText,
    details: { type: Schema.Types.Mixed, default: {} },
  },
  collectionOptions('audit'),
)
schema.index({ at: -1, _id: -1 })
// An index for each filter, in the order of the list, so that no request reads more than a page.
for (const field of [
  'event',
  'subjectId',
  'subjectName',
  'actorId',
  'actorName',
  'address',
  'network',
])
  schema.index({ [field]: 1, at: -1, _id: -1 })

/** The audit log of one database. */
export function auditRecordModel(connection: Connection): AuditRecords {
  return connection.model<AuditRecord>('AuditRecord', schema)
}

import { type Connection, type Model, Schema } from 'mongoose'
import {
  collectionOptions,
  requiredDate,
  requiredNumber,
  requiredText,
} from '../../storage/schema-options.ts'

/** A blocked network address as MongoDB stores it, kept for some time after its end. */
export type SuspensionRecord = {
  /** An IPv4 address or an IPv6 /64, as from `clientAddress`. */
  _id: string
  since: Date
  until: Date
  /** Failed sign-ins that led to the block. */
  failures: number
  /** How many blocks in a row, including this one; each is twice as long as the previous one. */
  times: number
}

export type Suspensions = Model<SuspensionRecord>

const schema = new Schema<SuspensionRecord>(
  {
    _id: requiredText,
    since: requiredDate,
    until: requiredDate,
    failures: requiredNumber,
    times: requiredNumber,
  },
  collectionOptions('suspensions'),
)
schema.index({ until: 1 })

/** The blocked addresses in a database. */
export function suspensionModel(connection: Connection): Suspensions {
  return connection.model<SuspensionRecord>('Suspension', schema)
}

import { type Connection, type Model, Schema } from 'mongoose'
import {
  collectionOptions,
  requiredDate,
  requiredNumber,
  requiredText,
} from '../../storage/schema-options.ts'

/** A network address that nobody may sign in from, as MongoDB keeps it; some time after its end, too. */
export type SuspensionRecord = {
  /** What `clientAddress` gives: an IPv4 address, or the /64 of an IPv6 one. */
  _id: string
  since: Date
  until: Date
  /** Failed sign-ins that led to it. */
  failures: number
  /** How many suspensions in a row, this one included: each is twice as long as the one before. */
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

/** The suspended addresses of one database. */
export function suspensionModel(connection: Connection): Suspensions {
  return connection.model<SuspensionRecord>('Suspension', schema)
}

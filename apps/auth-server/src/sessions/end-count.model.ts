import { type Connection, type Model, Schema } from 'mongoose'
import { collectionOptions, requiredNumber, requiredText } from '../storage/schema-options.ts'

/** How many ends a counter in Redis had when last seen; see `endCounts` of auth-kit. */
export type EndCountRecord = {
  /** The key and the id of the counter. */
  _id: string
  key: string
  counterId: string
  count: number
}

export type EndCountRecords = Model<EndCountRecord>

const schema = new Schema<EndCountRecord>(
  { _id: requiredText, key: requiredText, counterId: requiredText, count: requiredNumber },
  collectionOptions('end_counts'),
)

/** The highest counts of ended sessions in a database, which outlive a restored Redis. */
export function endCountModel(connection: Connection): EndCountRecords {
  return connection.model<EndCountRecord>('EndCount', schema)
}

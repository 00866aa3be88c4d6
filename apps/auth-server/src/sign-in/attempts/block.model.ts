import { type Connection, type Model, Schema } from 'mongoose'
import {
  collectionOptions,
  requiredDate,
  requiredNumber,
  requiredText,
} from '../../storage/schema-options.ts'

/** A blocked network address as MongoDB stores it, kept for some time after its end. */
export type BlockRecord = {
  /** An IPv4 address or an IPv6 /64, as from `clientAddress`. */
  _id: string
  since: Date
  until: Date
  /** Failed sign-ins that led to the block. */
  failures: number
  /** How many blocks in a row, including this one; each is twice as long as the previous one. */
  times: number
}

export type Blocks = Model<BlockRecord>

const schema = new Schema<BlockRecord>(
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
export function blockModel(connection: Connection): Blocks {
  return connection.model<BlockRecord>('Block', schema)
}

import { type Connection, type Model, Schema } from 'mongoose'
import {
  collectionOptions,
  optionalDate,
  requiredDate,
  requiredText,
} from '../storage/schema-options.ts'

/**
 * A sign-in that gave tokens: what all its families have in common, their end first of all. Ending it
 * is one write, whatever families there are or are just being made.
 */
export type SignInRecord = {
  _id: string
  userId: string
  startedAt: Date
  expiresAt: Date
  endedAt: Date | null
  /** When its sites are to be notified of the end, next; null: all were, or it has not ended. */
  logoutDueAt: Date | null
  /** Whether its sites are being notified that it ran out. */
  expiryAnnounced: boolean
  /** How a client signed the user in, which has no session to show; null where a session has. */
  by: SignedInBy | null
}

/** The client by its name, and the end user's program and address as far as it says them. */
export type SignedInBy = { client: string; userAgent: string; address: string }

/** A sign-in as the rest of the server sees it. */
export type SignIn = Omit<SignInRecord, '_id'> & { id: string }

export type SignIns = Model<SignInRecord>

const bySchema = new Schema<SignedInBy>(
  {
    client: requiredText,
    userAgent: { type: String, default: '' },
    address: { type: String, default: '' },
  },
  { _id: false, id: false, strict: 'throw' },
)
const schema = new Schema<SignInRecord>(
  {
    _id: requiredText,
    userId: requiredText,
    startedAt: requiredDate,
    expiresAt: requiredDate,
    endedAt: optionalDate,
    logoutDueAt: optionalDate,
    expiryAnnounced: { type: Boolean, default: false },
    by: { type: bySchema, default: null },
  },
  collectionOptions('sign_ins'),
)
schema.index({ userId: 1 })
schema.index({ expiresAt: 1 })
schema.index({ logoutDueAt: 1 })

/** The sign-ins of one database. */
export function signInModel(connection: Connection): SignIns {
  return connection.model<SignInRecord>('SignIn', schema)
}

/** A stored sign-in as the rest of the server sees it. */
export function toSignIn({ _id, ...signIn }: SignInRecord): SignIn {
  return { id: _id, ...signIn }
}

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
}

/** A sign-in as the rest of the server sees it. */
export type SignIn = Omit<SignInRecord, '_id'> & { id: string }

export type SignIns = Model<SignInRecord>

const schema = new Schema<SignInRecord>(
  {
    _id: requiredText,
    userId: requiredText,
    startedAt: requiredDate,
    expiresAt: requiredDate,
    endedAt: optionalDate,
    logoutDueAt: optionalDate,
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

import { type Connection, type Model, Schema } from 'mongoose'
import {
  collectionOptions,
  optionalDate,
  requiredDate,
  requiredText,
} from '../storage/schema-options.ts'

/**
 * An SSO session: a sign-in that has issued tokens, and the common end of its families. Ending it takes one
 * write, even while families are being created.
 */
export type SignInRecord = {
  _id: string
  userId: string
  startedAt: Date
  expiresAt: Date
  endedAt: Date | null
  /** When to notify its sites of the end next; null if all are notified or it has not ended. */
  logoutDueAt: Date | null
  /** Whether its sites are being notified that it has expired. */
  expiryAnnounced: boolean
  /** The client that signed the user in without a session; null if a session did. */
  by: SignedInBy | null
}

/** The client's name, and the end user's program and address if the client names them. */
export type SignedInBy = { client: string; userAgent: string; address: string }

/** An SSO session as the rest of the server sees it. */
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

/** The SSO sessions in a database. */
export function signInModel(connection: Connection): SignIns {
  return connection.model<SignInRecord>('SignIn', schema)
}

/** Converts a stored SSO session for the rest of the server. */
export function toSignIn({ _id, ...signIn }: SignInRecord): SignIn {
  return { id: _id, ...signIn }
}

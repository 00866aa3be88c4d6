import { type Connection, type Model, Schema, type Types } from 'mongoose'
import type { OutboxEntry } from '../mail/mail-entry.ts'
import { outboxField } from '../mail/outbox-field.ts'
import {
  collectionOptions,
  optionalDate,
  requiredDate,
  requiredText,
} from '../storage/schema-options.ts'

/** A user as MongoDB keeps it. */
export type UserRecord = {
  _id: Types.ObjectId
  username: string
  /** The user name as `normalizeIdentity` gives it: unique. */
  usernameKey: string
  email: string
  /** The e-mail address as `normalizeIdentity` gives it: unique. */
  emailKey: string
  passwordHash: string
  /** When the password was last replaced; devices known before that are no longer known. */
  passwordSetAt?: Date | null
  /** Digests of the used "this was not me" links: each works once (R15). */
  usedLinks?: string[]
  roles: string[]
  /** When the e-mail address was confirmed. */
  verifiedAt: Date | null
  suspendedAt: Date | null
  createdAt: Date
  /** When the user first signed in with a browser; null before that. */
  firstSignInAt: Date | null
  /** The last invite used, or `none:<user id>`; unique, so that no invite makes two users. */
  invite: string
  /** Every invite used with this address, and the normalized name given with it. */
  claimed: { invite: string; name: string }[]
  /** The new address of a change that is not confirmed yet. */
  pendingEmail: { email: string; emailKey: string } | null
  /**
   * Former addresses, oldest first, to which the account can be given back. Absent before the first
   * change.
   */
  formerEmails?: { emailKey: string; until: Date }[]
  /** When a change asked for all sessions to end; null once they have ended. */
  sessionsToEnd: Date | null
  /** When the deletion began; it will be completed, never undone. */
  deletingAt: Date | null
  /** E-mails to send, written together with the change that causes them. */
  outbox: OutboxEntry[]
}

/** A user as the rest of the server sees it. */
export type User = Omit<UserRecord, '_id' | 'usernameKey'> & { id: string }

export type Users = Model<UserRecord>

const schema = new Schema<UserRecord>(
  {
    username: requiredText,
    usernameKey: requiredText,
    email: requiredText,
    emailKey: requiredText,
    passwordHash: requiredText,
    passwordSetAt: { type: Date },
    usedLinks: { type: [String], default: [] },
    roles: { type: [String], required: true },
    verifiedAt: optionalDate,
    suspendedAt: optionalDate,
    createdAt: requiredDate,
    firstSignInAt: optionalDate,
    invite: requiredText,
    claimed: {
      type: [
        new Schema({ invite: requiredText, name: requiredText }, { _id: false, strict: 'throw' }),
      ],
      default: [],
    },
    pendingEmail: {
      type: new Schema(
        { email: requiredText, emailKey: requiredText },
        { _id: false, strict: 'throw' },
      ),
      default: null,
    },
    formerEmails: {
      type: [
        new Schema(
          { emailKey: requiredText, until: requiredDate },
          { _id: false, strict: 'throw' },
        ),
      ],
      default: undefined,
    },
    sessionsToEnd: optionalDate,
    deletingAt: optionalDate,
    outbox: outboxField,
  },
  collectionOptions('users'),
)
schema.index({ usernameKey: 1 }, { unique: true })
schema.index({ emailKey: 1 }, { unique: true })
schema.index({ invite: 1 }, { unique: true })
schema.index({ 'claimed.invite': 1 })
schema.index({ 'claimed.name': 1 })
schema.index({ 'outbox.dueAt': 1 })
schema.index({ 'outbox.failedAt': 1 })
schema.index({ sessionsToEnd: 1 })
schema.index({ deletingAt: 1 })

/** The users of one database. */
export function userModel(connection: Connection): Users {
  return connection.model<UserRecord>('User', schema)
}

/** A stored user without the fields that only the database needs. */
export function toUser({ _id, usernameKey: _name, ...user }: UserRecord): User {
  return { id: _id.toHexString(), ...user }
}

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
  /** When a password took the place of the first one: browsers known before are not known since. */
  passwordSetAt?: Date | null
  /** Digests of the "this was not me" links that were used: each works once (R15). */
  usedLinks?: string[]
  roles: string[]
  /** When the e-mail address was confirmed. */
  verifiedAt: Date | null
  suspendedAt: Date | null
  createdAt: Date
  /** When the user first signed in here with a browser; null before that. */
  firstSignInAt: Date | null
  /** The invite used up last, or `none:<user id>`: unique, so that no invite makes two users. */
  invite: string
  /** Every invite used up with this address, and the name given with it, normalized. */
  claimed: { invite: string; name: string }[]
  /** An address that is taken over once it is confirmed. */
  pendingEmail: { email: string; emailKey: string } | null
  /**
   * Where the account was before, the earliest first: it can be given back to these. Absent before
   * the first change.
   */
  formerEmails?: { emailKey: string; until: Date }[]
  /** Since when every session of the user is to be ended: set with what causes it, null when done. */
  sessionsToEnd: Date | null
  /** When the deletion began; it is completed, never undone. */
  deletingAt: Date | null
  /** Mails to be sent, written together with what causes them. */
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

/** A stored user without what only the database needs. */
export function toUser({ _id, usernameKey: _name, ...user }: UserRecord): User {
  return { id: _id.toHexString(), ...user }
}

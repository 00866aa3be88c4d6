import { type Connection, type Model, Schema } from 'mongoose'
import type { OutboxEntry } from '../../mail/mail-entry.ts'
import { outboxField } from '../../mail/outbox-field.ts'
import {
  collectionOptions,
  optionalDate,
  optionalText,
  requiredDate,
  requiredText,
} from '../../storage/schema-options.ts'

/** An invite as MongoDB keeps it: never its token, only the token's SHA-256 (R16). */
export type InviteRecord = {
  _id: string
  tokenHash: string
  /** The only address that may sign up with it; null if any may. */
  email: string | null
  expiresAt: Date
  createdAt: Date
  /** The admin's user id; null for an invite made on the command line. */
  createdBy: string | null
  revokedAt: Date | null
  /** When it was used. The user's document decides; this remains when that is deleted. */
  usedAt: Date | null
  /** The id of the user who used it. */
  usedBy: string | null
  outbox: OutboxEntry[]
}

/** An invite as the rest of the server sees it. */
export type Invite = Omit<InviteRecord, '_id'> & { id: string }

export type Invites = Model<InviteRecord>

const schema = new Schema<InviteRecord>(
  {
    _id: requiredText,
    tokenHash: requiredText,
    email: optionalText,
    expiresAt: requiredDate,
    createdAt: requiredDate,
    createdBy: optionalText,
    revokedAt: optionalDate,
    usedAt: optionalDate,
    usedBy: optionalText,
    outbox: outboxField,
  },
  collectionOptions('invites'),
)
schema.index({ tokenHash: 1 }, { unique: true })
schema.index({ createdAt: -1, _id: -1 })
schema.index({ 'outbox.dueAt': 1 })
schema.index({ 'outbox.failedAt': 1 })

/** The invites of one database. */
export function inviteModel(connection: Connection): Invites {
  return connection.model<InviteRecord>('Invite', schema)
}

/** A stored invite as the rest of the server sees it. */
export function toInvite({ _id, ...invite }: InviteRecord): Invite {
  return { id: _id, ...invite }
}

import { type Connection, type Model, Schema, type Types } from 'mongoose'
import type { OutboxEntry } from '../../mail/mail-entry.ts'
import { outboxField } from '../../mail/outbox-field.ts'
import { collectionOptions, requiredDate, requiredText } from '../../storage/schema-options.ts'

/**
 * A sign-up without an invite that waits for its mailbox. It is stored the same way whether or not
 * the address has an account (R9). It holds the name until it ends, and the address against nobody:
 * several people may sign up with one address, and the one who reads its e-mails decides.
 */
export type ReservationRecord = {
  /** Also the id of the user that the link in the e-mail creates, so that it creates one at most. */
  _id: Types.ObjectId
  username: string
  /** The user name as `normalizeIdentity` gives it: unique. */
  usernameKey: string
  email: string
  emailKey: string
  /** `noPassword` once the owner of the mailbox has said "this was not me". */
  passwordHash: string
  createdAt: Date
  /** When the name is free again and the link is no longer valid. */
  endsAt: Date
  /** When the last e-mail of a sign-up with this name and address was queued. */
  mailedAt: Date
  outbox: OutboxEntry[]
}

/** A reservation as the rest of the server sees it. */
export type Reservation = Omit<ReservationRecord, '_id' | 'usernameKey'> & { id: string }

export type Reservations = Model<ReservationRecord>

const schema = new Schema<ReservationRecord>(
  {
    username: requiredText,
    usernameKey: requiredText,
    email: requiredText,
    emailKey: requiredText,
    passwordHash: requiredText,
    createdAt: requiredDate,
    endsAt: requiredDate,
    mailedAt: requiredDate,
    outbox: outboxField,
  },
  collectionOptions('reservations'),
)
schema.index({ usernameKey: 1 }, { unique: true })
schema.index({ emailKey: 1 })
schema.index({ endsAt: 1 })
schema.index({ 'outbox.dueAt': 1 })
schema.index({ 'outbox.failedAt': 1 })

/** The reservations of one database. */
export function reservationModel(connection: Connection): Reservations {
  return connection.model<ReservationRecord>('Reservation', schema)
}

/** A stored reservation without the fields that only the database needs. */
export function toReservation({
  _id,
  usernameKey: _name,
  ...reservation
}: ReservationRecord): Reservation {
  return { id: _id.toHexString(), ...reservation }
}

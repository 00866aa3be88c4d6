import { type Connection, type Model, Schema } from 'mongoose'
import { collectionOptions, requiredDate, requiredText } from '../../storage/schema-options.ts'
import type { RequestedMail } from '../../mail/mail-entry.ts'

/**
 * A mail that somebody asked for. It is kept for a few seconds, until the account is looked up. It
 * is written the same for every address, so that asking tells nothing (R9).
 */
export type MailRequest = {
  /** The mail's id too: beginning again after an interruption makes no second mail. */
  _id: string
  kind: RequestedMail
  /** As `normalizeIdentity` gives it; whether anybody has it is not known yet. */
  emailKey: string
  at: Date
  /** When it may be worked off: later, while some server does. */
  dueAt: Date
}

export type MailRequests = Model<MailRequest>

const schema = new Schema<MailRequest>(
  {
    _id: requiredText,
    kind: requiredText,
    emailKey: requiredText,
    at: requiredDate,
    dueAt: requiredDate,
  },
  collectionOptions('mail_requests'),
)

/** The mail requests of one database. */
export function mailRequestModel(connection: Connection): MailRequests {
  return connection.model<MailRequest>('MailRequest', schema)
}

import { type Connection, type Model, Schema } from 'mongoose'
import { collectionOptions, requiredDate, requiredText } from '../../storage/schema-options.ts'
import type { RequestedMail } from '../../mail/mail-entry.ts'

/**
 * A request for an e-mail. It is kept for a few seconds, until the account is looked up. It is stored
 * the same way for every address, so that the answer reveals nothing (R9).
 */
export type MailRequest = {
  /** Also the e-mail's id, so that a retry after an interruption queues no second e-mail. */
  _id: string
  kind: RequestedMail
  /** In the form of `normalizeIdentity`. An account with it may or may not exist. */
  emailKey: string
  at: Date
  /** When it may be processed; a server that processes it moves this into the future. */
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

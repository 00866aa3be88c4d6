import { type Outbox, outboxOf } from '../mail/outboxes.ts'
import { toUser, type User, type Users } from './user.model.ts'

/** The e-mails that wait in the documents of users. */
export function userOutbox(users: Users): Outbox<{ user: User }> {
  return outboxOf(users, (stored) => ({ user: toUser(stored) }))
}

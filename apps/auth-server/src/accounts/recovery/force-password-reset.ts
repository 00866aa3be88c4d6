import { Types } from 'mongoose'
import { mailEntry } from '../../mail/mail-entry.ts'
import type { User, Users } from '../../users/user.model.ts'

/**
 * Marks the sessions of a user to be ended, forgets an address that waits to be confirmed, and
 * queues the mail to reset the password: one write.
 *
 * @returns the mark
 */
export async function forcePasswordReset(users: Users, user: User): Promise<Date> {
  const sessionsToEnd = new Date()
  await users.updateOne(
    { _id: new Types.ObjectId(user.id), deletingAt: null },
    {
      $set: { sessionsToEnd, pendingEmail: null },
      $push: { outbox: mailEntry({ kind: 'reset', to: user.email }) },
    },
  )
  return sessionsToEnd
}

/** Forgets an address whose owner wants no part in it; the account is not theirs to touch. */
export async function dropNewAddress(users: Users, user: User): Promise<void> {
  const emailKey = user.pendingEmail?.emailKey ?? ''
  await users.updateOne(
    { _id: new Types.ObjectId(user.id), 'pendingEmail.emailKey': { $eq: emailKey } },
    { $set: { pendingEmail: null } },
  )
}

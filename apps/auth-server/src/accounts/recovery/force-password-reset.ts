import { Types } from 'mongoose'
import { mailEntry } from '../../mail/mail-entry.ts'
import type { User, Users } from '../../users/user.model.ts'

/**
 * Marks a user's sessions to be ended, drops a pending change of address and queues the e-mail to
 * reset the password. All in one write, which also marks the link as used.
 *
 * @param link digest of the "this was not me" link
 * @returns the mark (`sessionsToEnd`); undefined if the link was already used
 */
export async function forcePasswordReset(
  users: Users,
  { user, link }: { user: User; link: string },
): Promise<Date | undefined> {
  const sessionsToEnd = new Date()
  const { matchedCount } = await users.updateOne(
    { _id: new Types.ObjectId(user.id), deletingAt: null, usedLinks: { $ne: link } },
    {
      $set: { sessionsToEnd, pendingEmail: null },
      $push: { outbox: mailEntry({ kind: 'reset', to: user.email }), usedLinks: link },
    },
  )
  return matchedCount === 1 ? sessionsToEnd : undefined
}

/** Drops a pending change of address at the request of the address's owner; nothing else changes. */
export async function dropNewAddress(users: Users, user: User): Promise<void> {
  const emailKey = user.pendingEmail?.emailKey ?? ''
  await users.updateOne(
    { _id: new Types.ObjectId(user.id), 'pendingEmail.emailKey': { $eq: emailKey } },
    { $set: { pendingEmail: null } },
  )
}

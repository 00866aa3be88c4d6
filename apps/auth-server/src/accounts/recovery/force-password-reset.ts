import { Types } from 'mongoose'
import { mailEntry } from '../../mail/mail-entry.ts'
import type { User, Users } from '../../users/user.model.ts'

/**
 * Marks the sessions of a user to be ended, forgets an address that waits to be confirmed, and
 * queues the mail to reset the password: one write, which also uses the link up.
 *
 * @param link the digest of the link that said so
 * @returns the mark; undefined if the link was used before
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

/** Forgets an address whose owner wants no part in it; the account is not theirs to touch. */
export async function dropNewAddress(users: Users, user: User): Promise<void> {
  const emailKey = user.pendingEmail?.emailKey ?? ''
  await users.updateOne(
    { _id: new Types.ObjectId(user.id), 'pendingEmail.emailKey': { $eq: emailKey } },
    { $set: { pendingEmail: null } },
  )
}

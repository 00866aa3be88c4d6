import { randomBytes } from 'node:crypto'
import { Types } from 'mongoose'
import type { Config } from '../config.ts'
import { mailEntry } from '../outbox/mail-entry.ts'
import { hashPassword } from '../users/hash-password.ts'
import { isDuplicate } from '../storage/is-duplicate.ts'
import { normalizeIdentity } from '../users/normalize-identity.ts'
import type { User, Users } from '../users/user.model.ts'
import { noteAlarm } from './note-alarm.ts'

/**
 * Gives an account back to the mailbox that it was changed away from. Who changed it knew the
 * password, so that one opens nothing any more: the mail to reset it is the way in. All in one write.
 *
 * @returns the mark that sessions are to be ended
 */
export async function giveBackAddress(
  { users, config }: { users: Users; config: Pick<Config, 'bcryptCost'> },
  { user, address }: { user: User; address: string },
): Promise<Date> {
  const emailKey = normalizeIdentity(address)
  // The change was only asked for, not made.
  if (user.emailKey === emailKey) return noteAlarm(users, user)
  const sessionsToEnd = new Date()
  const passwordHash = await hashPassword(randomBytes(32).toString('hex'), config.bcryptCost)
  const given = { email: address, emailKey, passwordHash, pendingEmail: null, sessionsToEnd }
  try {
    await users.updateOne(
      { _id: new Types.ObjectId(user.id), deletingAt: null },
      { $set: given, $push: { outbox: mailEntry({ kind: 'reset', to: address }) } },
    )
    return sessionsToEnd
  } catch (error) {
    // Another account has that address by now: it cannot be given back, but sessions can end.
    if (isDuplicate(error)) return noteAlarm(users, user)
    throw error
  }
}

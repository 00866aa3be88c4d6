import { Types } from 'mongoose'
import type { OutboxEntry } from '../mail/mail-entry.ts'
import type { Users } from './user.model.ts'

/**
 * Puts an e-mail into a user's outbox once: an entry with the same id stays as it is. Users who are
 * being deleted get no e-mail.
 */
export async function putInOutbox(users: Users, userId: string, entry: OutboxEntry): Promise<void> {
  const withoutIt = {
    _id: new Types.ObjectId(userId),
    deletingAt: null,
    'outbox.id': { $ne: entry.id },
  }
  await users.updateOne(withoutIt, { $push: { outbox: entry } })
}

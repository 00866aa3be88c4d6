import { Types } from 'mongoose'
import type { OutboxEntry } from '../mail/mail-entry.ts'
import type { Users } from './user.model.ts'

/**
 * Puts a mail into a user's outbox, once: an entry with that id that lies there already stays.
 * Nobody writes to a user who is being deleted.
 */
export async function putInOutbox(users: Users, userId: string, entry: OutboxEntry): Promise<void> {
  const withoutIt = {
    _id: new Types.ObjectId(userId),
    deletingAt: null,
    'outbox.id': { $ne: entry.id },
  }
  await users.updateOne(withoutIt, { $push: { outbox: entry } })
}

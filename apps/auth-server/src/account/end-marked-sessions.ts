import type { SessionStore } from 'auth-kit/session'
import { Types } from 'mongoose'
import type { User, Users } from '../users/user.model.ts'

/**
 * Ends every session of a user who was marked with `sessionsToEnd`, then takes the mark off, unless
 * another change has set its own since.
 */
export async function endMarkedSessions(
  { users, store }: { users: Users; store: SessionStore },
  { id, sessionsToEnd }: Pick<User, 'id' | 'sessionsToEnd'>,
): Promise<void> {
  await store.endSessions(id)
  const stillMarked = {
    _id: { $eq: new Types.ObjectId(id) },
    sessionsToEnd: { $eq: sessionsToEnd },
  }
  await users.updateOne(stillMarked, { $set: { sessionsToEnd: null } })
}

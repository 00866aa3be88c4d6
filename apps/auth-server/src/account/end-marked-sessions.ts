import type { SessionStore } from 'auth-kit/session'
import { Types } from 'mongoose'
import { endSignInsOfUser } from '../tokens/end-sign-ins.ts'
import type { SignIns } from '../tokens/sign-in.model.ts'
import type { User, Users } from '../users/user.model.ts'

/**
 * Ends every session and every token of a user who was marked with `sessionsToEnd`, then takes the mark off, unless
 * another change has set its own since.
 */
export async function endMarkedSessions(
  { users, signIns, store }: { users: Users; signIns: SignIns; store: SessionStore },
  { id, sessionsToEnd }: Pick<User, 'id' | 'sessionsToEnd'>,
): Promise<void> {
  await store.endSessions(id)
  await endSignInsOfUser(signIns, id)
  const stillMarked = {
    _id: { $eq: new Types.ObjectId(id) },
    sessionsToEnd: { $eq: sessionsToEnd },
  }
  await users.updateOne(stillMarked, { $set: { sessionsToEnd: null } })
}

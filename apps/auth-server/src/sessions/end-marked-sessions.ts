import type { SessionStore } from 'auth-kit/session'
import { Types } from 'mongoose'
import { endSignInsOfUser } from './end-sign-ins.ts'
import type { SignIns } from './sign-in.model.ts'
import type { User, Users } from '../users/user.model.ts'

/**
 * Ends every session and every token of a user who was marked with `sessionsToEnd`, then takes the
 * mark off, unless another change has set its own since. While MongoDB or Redis is down, what the
 * other one holds ends all the same, and the mark stays until the rest is completed.
 */
export async function endMarkedSessions(
  deps: { users: Users; signIns: SignIns; store: SessionStore },
  { id, sessionsToEnd }: Pick<User, 'id' | 'sessionsToEnd'>,
): Promise<void> {
  const endTokens = () => endSignInsOfUser(deps.signIns, id)
  const [tokens, sessions] = await Promise.allSettled([endTokens(), deps.store.endSessions(id)])
  for (const ended of [tokens, sessions]) if (ended.status === 'rejected') throw ended.reason
  // Once more, for a session that was given some in between.
  await endTokens()
  const stillMarked = {
    _id: new Types.ObjectId(id),
    sessionsToEnd: { $eq: sessionsToEnd },
  }
  await deps.users.updateOne(stillMarked, { $set: { sessionsToEnd: null } })
}

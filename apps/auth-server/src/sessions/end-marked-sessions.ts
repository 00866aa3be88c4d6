import type { SessionStore } from 'auth-kit/session'
import { Types } from 'mongoose'
import { endSignInsOfUser } from './end-sign-ins.ts'
import type { SignIns } from './sign-in.model.ts'
import type { User, Users } from '../users/user.model.ts'

type Deps = { users: Users; signIns: SignIns; store: SessionStore }

/** The session of whoever asks: it ends when the others have. */
type LastSession = { id: string; end: () => Promise<void> }

/**
 * Ends every session and every token of a user who was marked with `sessionsToEnd`, then takes the
 * mark off, unless another change has set its own since. While MongoDB or Redis is down, what the
 * other one holds ends all the same, and the mark stays until the rest is completed.
 */
export async function endMarkedSessions(
  { users, signIns, store }: Deps,
  { id, sessionsToEnd }: Pick<User, 'id' | 'sessionsToEnd'>,
  lastSession?: LastSession,
): Promise<void> {
  const endTokens = () => endSignInsOfUser(signIns, id)
  const except = lastSession ? { except: lastSession.id } : {}
  const [tokens, sessions] = await Promise.allSettled([endTokens(), store.endSessions(id, except)])
  for (const ended of [tokens, sessions]) if (ended.status === 'rejected') throw ended.reason
  await lastSession?.end()
  // Once more, for a session that was given some in between.
  await endTokens()
  const stillMarked = {
    _id: new Types.ObjectId(id),
    sessionsToEnd: { $eq: sessionsToEnd },
  }
  await users.updateOne(stillMarked, { $set: { sessionsToEnd: null } })
}

import type { SessionStore } from 'auth-kit/session'
import { Types } from 'mongoose'
import { endSignInsOfUser } from './end-sign-ins.ts'
import type { SignIns } from './sign-in.model.ts'
import type { User, Users } from '../users/user.model.ts'

type Deps = { users: Users; signIns: SignIns; store: SessionStore }

/** The session that sends the request: it ends after the others. */
type LastSession = { id: string; end: () => Promise<void> }

/**
 * Ends every session and token of a user marked with `sessionsToEnd`, then removes the mark, unless another
 * change has set a new one. While MongoDB or Redis is down, ends what the other one holds; the mark stays
 * until the rest is done.
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
  // Again, for tokens issued to a session in between.
  await endTokens()
  const stillMarked = {
    _id: new Types.ObjectId(id),
    sessionsToEnd: { $eq: sessionsToEnd },
  }
  await users.updateOne(stillMarked, { $set: { sessionsToEnd: null } })
}

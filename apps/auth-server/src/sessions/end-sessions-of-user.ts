import type { SessionStore } from 'auth-kit/session'
import { endSignInsOfUser } from '../tokens/end-sign-ins.ts'
import type { SignIns } from '../tokens/sign-in.model.ts'

/** A session that goes on, and its sign-in. */
type Spared = { sessionId: string; signInId: string | undefined }

/**
 * Ends every session of a user, a sign-in under way included, and every token they were given.
 *
 * The tokens end first, because no list of sessions shows that some were left. While MongoDB is
 * away nothing has ended, and the caller tries again. They end once more afterwards, for a session
 * that was given some in between.
 *
 * @param spared the asker's own session
 */
export async function endSessionsOfUser(
  { store, signIns }: { store: SessionStore; signIns: SignIns },
  userId: string,
  spared?: Spared,
): Promise<void> {
  const endTokens = () => endSignInsOfUser(signIns, userId, { except: spared?.signInId })
  await endTokens()
  await store.endSessions(userId, spared ? { except: spared.sessionId } : {})
  await endTokens()
}

import type { SessionStore } from 'auth-kit/session'
import { endSignInsOfUser } from '../tokens/end-sign-ins.ts'
import type { SignIns } from '../tokens/sign-in.model.ts'

/** A session that goes on, and its sign-in. */
type Spared = { sessionId: string; signInId: string | undefined }

/**
 * Ends every session of a user, and every token they were given, a sign-in under way included.
 *
 * The tokens come first, since nobody sees in a list of sessions that some were left: while MongoDB
 * is away nothing has ended, and who asked for it asks again. They come last once more, for a session
 * that was given some in between.
 *
 * @param spared the session of who asks for it
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

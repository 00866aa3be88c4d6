import type { SessionStore } from 'auth-kit/session'
import { endSignInsOfUser } from '../tokens/end-sign-ins.ts'
import type { SignIns } from '../tokens/sign-in.model.ts'

/** Ends every session of a user, and every token they were given, a sign-in under way included. */
export async function endSessionsOfUser(
  { store, signIns }: { store: SessionStore; signIns: SignIns },
  userId: string,
): Promise<void> {
  await store.endSessions(userId)
  await endSignInsOfUser(signIns, userId)
}

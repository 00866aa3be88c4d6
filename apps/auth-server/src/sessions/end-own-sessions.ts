import type { Request } from 'express'
import type { RouteDeps } from '../route-deps.ts'
import { endStoredSession } from '../sign-out/end-with-tokens.ts'
import { endSessionsOfUser } from './end-sessions-of-user.ts'

/** Ends one session of a user, by the id of its sign-in, with its tokens; false where there is none. */
export async function endSessionOfUser(
  deps: RouteDeps,
  { userId, signInId }: { userId: string; signInId: string },
): Promise<boolean> {
  const all = await deps.store.listSessions(userId)
  const found = all.filter(({ session }) => session.signIn?.id === signInId)
  await Promise.all(found.map(({ id }) => endStoredSession(deps, id)))
  return found.length > 0
}

/** Ends every session of the signed-in user but this one, and every token but those of its sign-in. */
export async function endOtherSessions(deps: RouteDeps, req: Request): Promise<void> {
  const userId = req.user?.id ?? ''
  const spared = { sessionId: req.sessionID, signInId: req.session.signIn?.id }
  await endSessionsOfUser(deps, userId, spared)
}

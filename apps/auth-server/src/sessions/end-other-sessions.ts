import type { Request } from 'express'
import { notSignedIn } from '../http/errors.ts'
import type { RouteDeps } from '../wiring/app-deps.ts'
import { endSessionsOfUser } from './end-user-sessions.ts'

/** Ends every session of the signed-in user but this one, and every token but those of its sign-in. */
export async function endOtherSessions(deps: RouteDeps, req: Request): Promise<void> {
  if (!req.user) throw notSignedIn()
  const spared = { sessionId: req.sessionID, signInId: req.session.signIn?.id }
  await endSessionsOfUser(deps, req.user, { from: req, spared })
}

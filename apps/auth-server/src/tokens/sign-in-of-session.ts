import { randomUUID } from 'node:crypto'
import type { Request } from 'express'
import { isUserActive } from '../directory/is-user-active.ts'
import { accountSuspended, notSignedIn, passwordNeeded } from '../errors.ts'
import { endSession } from '../sessions/end-session.ts'
import { beginSignIn } from './begin-sign-in.ts'
import { endSignIn, isSignInToEnd } from './end-sign-ins.ts'
import type { SignIn } from './sign-in.model.ts'
import type { TokenDeps } from './token-deps.ts'

/**
 * The sign-in that the session of this request belongs to, running. The record is made first and the
 * session looked at last: a sign-out in between sees the one or takes away the other.
 *
 * @throws Problem 401 `not_signed_in`; 401 `password_needed` where the password was given so long ago
 *   that what it gives would have ended
 */
export async function signInOfSession(deps: TokenDeps, req: Request): Promise<SignIn> {
  const { user, session } = req
  if (!user || !session.signIn) throw notSignedIn()
  if (!(await isUserActive(deps.directory, user.id))) throw accountSuspended()
  const startedAt = new Date(session.signIn.at || (session.startedAt ?? 0))
  const own = { id: session.signIn.id, userId: user.id, startedAt }
  const signIn = await beginSignIn(deps, own)
  if (signIn.endedAt || (await isSignInToEnd(deps, signIn.id))) {
    // Else the sign-in page would send this visitor back here, and here back there.
    await endSession(req)
    throw notSignedIn()
  }
  if (!(await deps.store.getSession(req.sessionID))) throw notSignedIn()
  return signIn.expiresAt > new Date() ? signIn : await beginAgain(deps, req, own)
}

/** What it gave is over. Where the password was given again since, that begins another one. */
async function beginAgain(
  deps: TokenDeps,
  { session, sessionID }: Request,
  { userId, startedAt }: { userId: string; startedAt: Date },
): Promise<SignIn> {
  const signIn = await beginSignIn(deps, { id: randomUUID(), userId, startedAt })
  if (signIn.expiresAt <= new Date()) throw passwordNeeded()
  // A sign-out since then knew nothing of this one.
  if (!(await deps.store.getSession(sessionID))) {
    await endSignIn(deps.signIns, signIn.id)
    throw notSignedIn()
  }
  session.signIn = { id: signIn.id, at: startedAt.getTime() }
  return signIn
}

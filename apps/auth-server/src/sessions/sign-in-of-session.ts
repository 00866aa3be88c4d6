import type { Request } from 'express'
import { isUserActive } from '../users/user-directory.ts'
import { accountSuspended, notSignedIn } from '../http/errors.ts'
import { endSession } from './end-session.ts'
import { beginSignIn, beginSignInAgain } from './begin-sign-in.ts'
import { isSignInToEnd } from './end-sign-ins.ts'
import type { SignIn } from './sign-in.model.ts'
import type { SessionDeps } from './session-deps.ts'

/**
 * The running sign-in that the session of this request belongs to. It writes the record
 * first and looks at the session last. A sign-out in between either finds the record and ends it, or
 * has removed the session before it is looked at.
 *
 * A record belongs to one user: a session of anybody else that names it is refused and ended.
 *
 * @throws Problem 401 `not_signed_in`; 401 `reauthentication_required` if the password was given so long ago
 *   that what it gives would have ended
 */
export async function signInOfSession(
  deps: Omit<SessionDeps, 'site'>,
  req: Request,
): Promise<SignIn> {
  const { user, session } = req
  const { signIn: current, startedAt: began = 0 } = session.authKit ?? {}
  if (!user || !current) throw notSignedIn()
  if (!(await isUserActive(deps.directory, user.id))) throw accountSuspended()
  const own = { id: current.id, userId: user.id, startedAt: new Date(current.at || began) }
  const known = await beginSignIn(deps, own)
  // Another app may have changed the session's user and kept the rest of it.
  const isOwn = known.userId === user.id
  const isOver = isOwn && !known.endedAt && known.expiresAt <= new Date()
  const signIn = isOver ? await beginSignInAgain(deps, known, own) : known
  if (!isOwn || signIn.endedAt || (await isSignInToEnd(deps, signIn.id))) {
    // Else the sign-in page would send this visitor back here, and this route back there.
    await endSession(req)
    throw notSignedIn()
  }
  if (!(await deps.store.getSession(req.sessionID))) throw notSignedIn()
  return signIn
}

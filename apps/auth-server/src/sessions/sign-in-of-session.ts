import type { Request } from 'express'
import { isUserActive } from '../users/user-directory.ts'
import { accountSuspended, notSignedIn } from '../http/errors.ts'
import { endSession } from './end-session.ts'
import { beginSignIn, beginSignInAgain } from './begin-sign-in.ts'
import { isSignInToEnd } from './end-sign-ins.ts'
import type { SignIn } from './sign-in.model.ts'
import type { SessionDeps } from './session-deps.ts'

/**
 * The SSO session of this request's session. Writes the record first and checks the session last: a
 * sign-out in between either finds the record and ends it, or has removed the session before the check.
 *
 * A record belongs to one user: another user's session that names it is refused and ended.
 *
 * @throws Problem 401 `not_signed_in`; 401 `reauthentication_required` if the sign-in is so old that its
 *   tokens would have expired
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
  // Another app may have changed the session's user but kept the rest.
  const isOwn = known.userId === user.id
  const isOver = isOwn && !known.endedAt && known.expiresAt <= new Date()
  const signIn = isOver ? await beginSignInAgain(deps, known, own) : known
  if (!isOwn || signIn.endedAt || (await isSignInToEnd(deps, signIn.id))) {
    // Otherwise, the sign-in page and this route would redirect to each other forever.
    await endSession(req)
    throw notSignedIn()
  }
  if (!(await deps.store.getSession(req.sessionID))) throw notSignedIn()
  return signIn
}

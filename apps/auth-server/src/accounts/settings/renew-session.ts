import { takeOverSession } from '../../sessions/take-over-session.ts'
import { endMarkedSessions } from '../../sessions/end-marked-sessions.ts'
import { randomUUID } from 'node:crypto'
import { setSignIn } from 'auth-kit/session'
import type { Request } from 'express'
import { signInOvertaken } from '../../http/errors.ts'
import type { AccountDeps } from '../account-deps.ts'
import { startSession } from '../../sessions/start-session.ts'
import { findUserById } from '../../users/find-user.ts'
import { publicUser } from '../../users/public-user.ts'
import type { User } from '../../users/user.model.ts'

type Deps = Pick<AccountDeps, 'config' | 'users' | 'signIns' | 'store' | 'redis' | 'keyPrefix'>

/**
 * Ends every session of a user marked with `sessionsToEnd` and gives this browser a new one, which
 * holds the user as stored now. The browser's own session ends last. If another request has ended it
 * by then, or ends all sessions afterwards, nothing is renewed.
 *
 * @param marked the user as changed by this request; a further change in between is a 409
 * @param options.hasPassword whether the password was given just now; otherwise the time of the
 *   previous sign-in is kept
 * @throws Problem 409 `sign_in_overtaken`
 */
export async function renewSession(
  deps: Deps,
  req: Request,
  marked: Pick<User, 'id' | 'passwordHash' | 'emailKey' | 'sessionsToEnd'>,
  { hasPassword }: { hasPassword: boolean },
): Promise<void> {
  const { at: before = 0, amr = ['pwd'] } = req.session.authKit?.signIn ?? {}
  const at = hasPassword ? Date.now() : before
  // The old SSO session ends with the others, so a new one begins.
  const signIn = { id: randomUUID(), at }
  let [isOurs, epoch] = [false, '']
  const own = {
    id: req.sessionID,
    end: async () => {
      epoch = await deps.store.readEpoch(marked.id)
      isOurs = await takeOverSession(deps, req, { userId: marked.id, signInId: signIn.id })
    },
  }
  await endMarkedSessions(deps, marked, own)
  const user = await findUserById(deps.users, marked.id)
  if (!isOurs || !user || !isStill(user, marked)) throw signInOvertaken()
  setSignIn(req.session, signIn)
  await startSession(deps, req, { user: publicUser(user), epoch, amr, signedInAt: at })
}

function isStill(user: User, expected: Pick<User, 'passwordHash' | 'emailKey'>): boolean {
  const isSame = user.passwordHash === expected.passwordHash && user.emailKey === expected.emailKey
  return isSame && user.suspendedAt === null && user.deletingAt === null
}

import type { SessionStore } from 'auth-kit/session'
import { Strategy } from 'passport-local'
import type { UserDirectory } from '../directory/user-directory.ts'
import { startSession } from '../sessions/start-session.ts'
import { checkCredentials } from './check-credentials.ts'

/** Passport's strategy `local`: user name or e-mail address and password give a new session. */
export function passwordStrategy(deps: {
  directory: UserDirectory
  store: SessionStore
}): Strategy {
  return new Strategy({ passReqToCallback: true }, (req, login, password, done) => {
    checkCredentials(deps, { login, password })
      .then(async ({ user, epoch }) => {
        await startSession(req, { user, epoch, store: deps.store })
        return user
      })
      .then(
        (user) => done(null, user),
        (error: unknown) => done(error),
      )
  })
}

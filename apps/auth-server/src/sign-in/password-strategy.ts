import type { Request } from 'express'
import { Strategy } from 'passport-local'
import type { PublicUser } from 'auth-kit/passport'
import type { RouteDeps } from '../route-deps.ts'
import { startSession } from '../sessions/start-session.ts'
import { replaceOwnSession } from '../sign-out/end-with-tokens.ts'
import { checkCredentials } from './check-credentials.ts'

/** Passport's strategy `local`: user name or e-mail address and password give a new session. */
export function passwordStrategy(deps: RouteDeps): Strategy {
  return new Strategy({ passReqToCallback: true }, (req, login, password, done) => {
    signIn(deps, req, { login, password }).then(
      (user) => done(null, user),
      (error: unknown) => done(error),
    )
  })
}

async function signIn(
  deps: RouteDeps,
  req: Request,
  given: { login: string; password: string },
): Promise<PublicUser> {
  const { user, epoch } = await checkCredentials(deps, given)
  const replaceIt = () => startSession(req, { user, epoch, store: deps.store })
  await replaceOwnSession(deps, { req, userId: user.id, replaceIt })
  return user
}

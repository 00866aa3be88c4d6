import type { PublicUser } from 'auth-kit/passport'
import type { Request } from 'express'
import { Strategy } from 'passport-local'
import { noteDevice } from '../devices/note-device.ts'
import type { SignInDeps } from '../sign-in-deps.ts'
import { startSession } from '../../sessions/start-session.ts'
import { replaceOwnSession } from '../../sessions/end-session.ts'
import { attemptPassword } from '../attempts/attempt-password.ts'
import { checkCredentials } from './check-credentials.ts'

type Given = { login: string; password: string }

/** Passport's strategy `local`: user name or e-mail address and password give a new session. */
export function passwordStrategy(deps: SignInDeps): Strategy {
  return new Strategy({ passReqToCallback: true }, (req, login, password, done) => {
    signIn(deps, req, { login, password }).then(
      (user) => done(null, user),
      (error: unknown) => done(error),
    )
  })
}

async function signIn(deps: SignInDeps, req: Request, given: Given): Promise<PublicUser> {
  const attempt = { req, way: 'sign_in', as: { login: given.login } } as const
  const user = await attemptPassword(deps, attempt, async () => {
    const { user, epoch } = await checkCredentials(deps, given)
    const replaceIt = () => startSession(deps, req, { user, epoch })
    await replaceOwnSession(deps, { req, userId: user.id, replaceIt })
    return user
  })
  deps.audit.signedIn(req, { user })
  await noteDevice(deps, req, user)
  return user
}

import type { PublicUser } from 'auth-kit/passport'
import type { Request } from 'express'
import { Strategy } from 'passport-local'
import type { SignInDeps } from '../sign-in-deps.ts'
import { attemptPassword } from '../attempts/attempt-password.ts'
import { checkCredentials } from './check-credentials.ts'

type Given = { login: string; password: string }

/**
 * A user verified by these methods (`amr`, RFC 8176), and the epoch for `startSession` to compare. Not yet
 * signed in.
 */
export type Verified = PublicUser & { epoch: string | null; amr: string[] }

/** Passport's strategy `local`: only verifies user name or e-mail address and password. */
export function passwordStrategy(deps: SignInDeps): Strategy {
  return new Strategy({ passReqToCallback: true }, (req, login, password, done) => {
    verify(deps, req, { login, password }).then(
      (user) => done(null, user),
      (error: unknown) => done(error),
    )
  })
}

async function verify(deps: SignInDeps, req: Request, given: Given): Promise<Verified> {
  const attempt = { req, way: 'sign_in', as: { login: given.login } } as const
  return await attemptPassword(deps, attempt, async (account) => {
    const { user, epoch } = await checkCredentials(deps, { ...given, id: account?.id })
    return { ...user, epoch, amr: ['pwd'] }
  })
}

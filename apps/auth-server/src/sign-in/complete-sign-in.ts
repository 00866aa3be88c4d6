import type { Request, RequestHandler } from 'express'
import { notSignedIn } from '../http/errors.ts'
import { replaceOwnSession } from '../sessions/end-session.ts'
import { startSession } from '../sessions/start-session.ts'
import { auditRefusal } from './attempts/audit-refusal.ts'
import { noteDevice } from './devices/note-device.ts'
import type { Verified } from './password/password-strategy.ts'
import type { SignInDeps } from './sign-in-deps.ts'

declare global {
  // eslint-disable-next-line typescript/no-namespace -- how @types/express is extended
  namespace Express {
    interface Request {
      /** The user that Passport verified, as its `authorize` calls it. `user` is who is signed in. */
      account?: Verified
    }
  }
}

/** How the route calls Passport: the verified user is only noted, and `completeSignIn` goes on. */
export const verifyOnly = { session: false, assignProperty: 'account' }

/** Signs in the user who was verified: a new session, a record of it, and the browser is known. */
export function completeSignIn(deps: SignInDeps): RequestHandler {
  return async function completeSignIn(req, _res, next) {
    if (!req.account) throw notSignedIn()
    await signIn(deps, req, req.account)
    next()
  }
}

/** The same, as a function. */
export async function signIn(
  deps: SignInDeps,
  req: Request,
  { epoch, amr, ...user }: Verified,
): Promise<void> {
  await begin(deps, req, { user, epoch, amr })
  deps.audit.signedIn(req, { user })
  await noteDevice(deps, req, user)
}

async function begin(
  deps: SignInDeps,
  req: Request,
  looked: Parameters<typeof startSession>[2],
): Promise<void> {
  const { user } = looked
  try {
    const replaceIt = () => startSession(deps, req, looked)
    await replaceOwnSession(deps, { req, userId: user.id, replaceIt })
  } catch (error) {
    auditRefusal(deps, { req, way: 'sign_in' }, { user, error })
    throw error
  }
}

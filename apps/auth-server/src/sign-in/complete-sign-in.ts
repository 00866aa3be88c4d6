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
      /** The user that Passport verified (named as in its `authorize`). `user` is the signed-in user. */
      account?: Verified
    }
  }
}

/** Options for Passport: it only sets `req.account`, and `completeSignIn` creates the session. */
export const verifyOnly = { session: false, assignProperty: 'account' }

/** Signs in the verified user: creates a session, records the sign-in and remembers the device. */
export function completeSignIn(deps: SignInDeps): RequestHandler {
  return async function completeSignIn(req, _res, next) {
    if (!req.account) throw notSignedIn()
    await signIn(deps, req, req.account)
    next()
  }
}

/** Does the same as a function. */
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
  verified: Parameters<typeof startSession>[2],
): Promise<void> {
  const { user } = verified
  try {
    const replaceIt = () => startSession(deps, req, verified)
    await replaceOwnSession(deps, { req, userId: user.id, replaceIt })
  } catch (error) {
    auditRefusal(deps, { req, way: 'sign_in' }, { user, error })
    throw error
  }
}

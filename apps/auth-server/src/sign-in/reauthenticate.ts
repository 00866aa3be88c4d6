import type { PublicUser } from 'auth-kit/passport'
import type { Request, RequestHandler, Response } from 'express'
import { noteDevice } from './devices/note-device.ts'
import { notSignedIn } from '../http/errors.ts'
import type { SignInDeps } from './sign-in-deps.ts'
import { startSession } from '../sessions/start-session.ts'
import { attemptPassword } from './attempts/attempt-password.ts'
import { checkCredentials } from './password/check-credentials.ts'
import { reauthenticateInput } from './sign-in-input.ts'

/**
 * The signed-in user gives the password once more: the session gets a new id and keeps everything
 * else.
 */
export function reauthenticate(deps: SignInDeps): RequestHandler {
  return async function reauthenticate(req: Request, _res: Response, next) {
    if (!req.user) throw notSignedIn()
    const { id, username } = req.user
    const { password } = reauthenticateInput.parse(req.body)
    const attempt = { req, way: 'reauthenticate', as: { user: { id, username } } } as const
    const user = await attemptPassword(deps, attempt, () =>
      renew(deps, req, { id, login: username, password }),
    )
    deps.audit.reauthenticated(req, { user })
    await noteDevice(deps, req, user)
    next()
  }
}

async function renew(
  deps: SignInDeps,
  req: Request,
  given: { id: string; login: string; password: string },
): Promise<PublicUser> {
  // Also refuses if the name has passed to another account since this session began.
  const { user, epoch } = await checkCredentials(deps, given)
  // Signed out while the password was checked: then this request is too late.
  if (!(await deps.store.deleteSession(req.sessionID))) throw notSignedIn()
  await startSession(deps, req, { user, epoch })
  return user
}

import type { Request, RequestHandler, Response } from 'express'
import { invalidCredentials, notSignedIn } from '../errors.ts'
import type { RouteDeps } from '../route-deps.ts'
import { startSession } from '../sessions/start-session.ts'
import { checkCredentials } from './check-credentials.ts'
import { reauthenticateInput } from './sign-in-input.ts'

/** The signed-in user gives the password once more: a new session id, everything else stays. */
export function reauthenticate({ directory, store }: RouteDeps): RequestHandler {
  return async function reauthenticate(req: Request, _res: Response, next) {
    if (!req.user) throw notSignedIn()
    const { password } = reauthenticateInput.parse(req.body)
    const credentials = { login: req.user.username, password }
    const { user, epoch } = await checkCredentials({ directory, store }, credentials)
    // The name may have passed to another account since this session began.
    if (user.id !== req.user.id) throw invalidCredentials()
    // Signed out while the password was checked: then this request is too late.
    if (!(await store.deleteSession(req.sessionID))) throw notSignedIn()
    await startSession(req, { user, epoch, store })
    next()
  }
}

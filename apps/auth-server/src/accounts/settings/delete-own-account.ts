import { AuthError } from 'auth-kit'
import type { ErrorRequestHandler, Request, RequestHandler } from 'express'
import { isStoreDown, Problem, withinMs } from 'service-kit'
import { cannotDeleteNow } from '../../http/errors.ts'
import type { AccountDeps } from '../account-deps.ts'
import { endSession } from '../../sessions/end-session.ts'
import { deleteAccountInput } from './account-input.ts'
import { checkOwnPassword } from './check-own-password.ts'
import { deleteUser } from '../lifecycle/delete-user.ts'

const PATIENCE_MS = 3000

/**
 * Deletes the account of the signed-in user, who gives the password again.
 *
 * @throws Problem 503 `cannot_delete_now` if it takes more than 3 s; then the deletion either has not
 *   begun, or it continues and the sweep completes it if necessary
 */
export function deleteOwnAccount(deps: AccountDeps): RequestHandler {
  return async function deleteOwnAccount(req, _res, next) {
    await withinMs(PATIENCE_MS, () => deleteWithPassword(deps, req), cannotDeleteNow)
    next()
  }
}

async function deleteWithPassword(deps: AccountDeps, req: Request): Promise<void> {
  const { password } = deleteAccountInput.parse(req.body)
  const user = await checkOwnPassword(deps, { req, password })
  const lastSession = { id: req.sessionID, end: () => endSession(req) }
  await deleteUser(deps, user, { from: req, lastSession })
}

/**
 * Answers any outage during a deletion, that of the session store included, with `cannot_delete_now`.
 * Mount it at the deletion's paths, after everything that can fail; paths below them are not its own.
 */
export const sayCannotDelete: ErrorRequestHandler = function sayCannotDelete(
  error: unknown,
  req,
  _res,
  next,
) {
  const isDeletion = req.method === 'DELETE' || req.method === 'POST'
  const isHere = req.path === '/'
  next(isHere && isDeletion && isOutage(error) ? cannotDeleteNow(error) : error)
}

function isOutage(error: unknown): boolean {
  if (error instanceof Problem) return error.status === 503 && error.code !== 'cannot_delete_now'
  return isStoreDown(error) || (error instanceof AuthError && error.status === 503)
}

import type { RequestHandler } from 'express'
import { withSecondFactor } from '../../sessions/authentication.ts'
import { attemptPassword } from '../attempts/attempt-password.ts'
import { useCode } from '../factors/use-code.ts'
import { codeInput } from '../sign-in-input.ts'
import type { SignInDeps } from '../sign-in-deps.ts'
import { forgetPending, requirePending } from './pending-sign-in.ts'

/**
 * Verifies the code of the pending step. Failures count in the same budgets as those of passwords.
 *
 * @throws Problem 401 `not_signed_in` without such a step, `invalid_code`; 429 as `attemptPassword`
 */
export function verifySecondFactor(deps: SignInDeps): RequestHandler {
  return async function verifySecondFactor(req, _res, next) {
    const pending = await requirePending(deps, req)
    const { code } = codeInput.parse(req.body)
    const { id, username } = pending
    const attempt = { req, way: 'second_factor', as: { user: { id, username } } } as const
    await attemptPassword(deps, attempt, () => useCode(deps, req, { user: pending, code }))
    req.account = { ...pending, amr: withSecondFactor(pending.amr, 'otp') }
    forgetPending(req)
    next()
  }
}

import type { Request, RequestHandler } from 'express'
import { Problem } from 'service-kit'
import { limitAttempts } from '../../http/limit-attempts.ts'
import type { SignInDeps } from '../sign-in-deps.ts'
import { checkBlock } from './check-block.ts'
import { type Attempt, countedAddress } from './attempt-budgets.ts'
import { auditRefusal } from './audit-refusal.ts'

/**
 * Limits the attempts to sign in of each network address. Right passwords count too, because each costs
 * the work of a hash. If the address is blocked as well, the answer says so, and until when.
 * `attemptPassword` counts failures and blocks addresses.
 */
export function limitSignIn(deps: SignInDeps, { way }: Pick<Attempt, 'way'>): RequestHandler {
  const limit = deps.config.limitSignInPerAddress
  const count = limitAttempts(deps, { name: 'sign-in-address', limit })
  return function limitSignIn(req, res, next) {
    return count(req, res, (refusal?: unknown) => {
      if (!isTooMany(refusal)) return next(refusal)
      reasonFor(deps, req, refusal).then((error) => {
        auditRefusal(deps, { req, way }, { user: req.user ?? null, error })
        next(error)
      }, next)
    })
  }
}

function isTooMany(error: unknown): error is Problem {
  return error instanceof Problem && error.code === 'too_many_attempts'
}

async function reasonFor(deps: SignInDeps, req: Request, refusal: Problem): Promise<unknown> {
  const address = countedAddress(deps.config, { req })
  if (address === undefined) return refusal
  return await checkBlock(deps, address).then(
    () => refusal,
    (error: unknown) => error,
  )
}

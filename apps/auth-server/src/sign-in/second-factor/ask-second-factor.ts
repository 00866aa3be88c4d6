import type { Request, RequestHandler } from 'express'
import { prefersHtml } from 'service-kit'
import { notSignedIn } from '../../http/errors.ts'
import { enrolmentRequired, secondFactorRequired } from '../factors/factor-errors.ts'
import { paths } from '../../http/paths.ts'
import { readFactors } from '../factors/change-factors.ts'
import { factorNames, hasFactor, isFactorRequired } from '../factors/factor-policy.ts'
import { returnAddress } from '../return-to.ts'
import type { SignInDeps } from '../sign-in-deps.ts'
import { beginPending } from './pending-sign-in.ts'

/**
 * Between the password and the session, asks for the second factor if the account has one, or has it set
 * up if it is required. Nobody is signed in until then.
 */
export function askSecondFactor(deps: SignInDeps): RequestHandler {
  return async function askSecondFactor(req, res, next) {
    if (!req.account) throw notSignedIn()
    const factors = await readFactors(deps.factors, req.account.id)
    const isDue = hasFactor(factors)
    if (!isDue && !isFactorRequired(deps.config, req.account)) return next()
    await beginPending(deps, req, req.account)
    if (prefersHtml(req))
      return res.redirect(303, nextPage(deps, req, isDue ? paths.secondFactor : paths.factors))
    throw isDue ? secondFactorRequired(factorNames(factors)) : enrolmentRequired()
  }
}

function nextPage(deps: SignInDeps, req: Request, path: string): string {
  const returnTo = returnAddress(deps, req)
  const query = returnTo === '' ? '' : `?returnTo=${encodeURIComponent(returnTo)}`
  return `${deps.site.url(path)}${query}`
}

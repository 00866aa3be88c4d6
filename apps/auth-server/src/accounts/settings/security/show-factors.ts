import { loggedIn } from 'auth-kit/logged-in'
import type { RequestHandler } from 'express'
import { prefersHtml } from 'service-kit'
import { noticeText } from '../../../http/pages/notices.ts'
import { readFactors } from '../../../sign-in/factors/change-factors.ts'
import { hasFactor, isFactorRequired } from '../../../sign-in/factors/factor-policy.ts'
import { describeFactors } from '../../../sign-in/factors/describe-factors.ts'
import { readPending } from '../../../sign-in/second-factor/pending-sign-in.ts'
import type { AccountDeps } from '../../account-deps.ts'
import { factorsPage } from './factors.page.ts'

const signInFirst = loggedIn()

/**
 * Shows the second factors of an account: to its user, and to a visitor who must set up a factor to
 * complete the sign-in.
 */
export function showFactors(deps: AccountDeps): RequestHandler {
  return async function showFactors(req, res, next) {
    const user = req.user ?? (await readPending(deps, req))
    if (!user) return signInFirst(req, res, next)
    const factors = await readFactors(deps.factors, user.id)
    const isPending = !req.user
    // Only the user may see the factors; a password alone does not prove that.
    if (isPending && hasFactor(factors)) return signInFirst(req, res, next)
    const required = isFactorRequired(deps.config, user)
    const described = describeFactors(factors, required)
    if (!prefersHtml(req)) return res.json(described)
    const notice = noticeText(deps.site, req.query.notice)
    return res.type('html').send(factorsPage(deps.site, { ...described, isPending, notice }))
  }
}

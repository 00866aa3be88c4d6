import type { Request, RequestHandler, Response } from 'express'
import { prefersHtml } from 'service-kit'
import { notSignedIn } from '../../../http/errors.ts'
import { lastFactor } from '../../../sign-in/factors/factor-errors.ts'
import { noticeUrl } from '../../../http/pages/notices.ts'
import { paths } from '../../../http/paths.ts'
import { changeFactors } from '../../../sign-in/factors/change-factors.ts'
import { hasStrongFactor, isFactorRequired } from '../../../sign-in/factors/factor-policy.ts'
import type { Factors } from '../../../sign-in/factors/factors.model.ts'
import { tellFactorsChanged } from '../../../sign-in/factors/tell-factors-changed.ts'
import type { AccountDeps } from '../../account-deps.ts'

/** Removes the authenticator app. Without one, 204 all the same, and nobody is alarmed. */
export function removeTotp(deps: AccountDeps): RequestHandler {
  return async function removeTotp(req, res) {
    const { user } = req
    if (!user) throw notSignedIn()
    const required = isFactorRequired(deps.config, user)
    const none = { totp: null, pendingTotp: null }
    let hadTotp = false
    await changeFactors(deps.factors, user.id, (now) => {
      hadTotp = Boolean(now.totp)
      return hadTotp ? withoutDeadEnd(now, none, required) : { pendingTotp: null }
    })
    if (hadTotp) {
      deps.audit.factorsChanged(req, { user, change: 'totp_removed' })
      await tellFactorsChanged(deps, req, { user, change: 'totp_removed' })
    }
    answerRemoved(deps, req, res)
  }
}

/**
 * The change, if it does not lock the user out. An account that must have a second factor may lose
 * its last app or passkey only while recovery codes are left. Without that requirement, the recovery
 * codes are removed together with the last factor.
 *
 * @throws Problem 409 `last_factor`
 */
export function withoutDeadEnd(
  now: Factors,
  change: Partial<Factors>,
  required: boolean,
): Partial<Factors> {
  if (hasStrongFactor({ ...now, ...change })) return change
  if (!required) return { ...change, recoveryCodes: [] }
  if (now.recoveryCodes.length === 0) throw lastFactor()
  return change
}

/** Answers 204, or sends a browser back to the list of factors. */
export function answerRemoved({ site }: AccountDeps, req: Request, res: Response): void {
  if (prefersHtml(req)) res.redirect(303, noticeUrl(site, paths.factors, 'factor_removed'))
  else res.status(204).end()
}

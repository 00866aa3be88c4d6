import { loggedIn } from 'auth-kit/logged-in'
import type { Request, RequestHandler } from 'express'
import { prefersHtml } from 'service-kit'
import { notSignedIn } from '../../../http/errors.ts'
import { noticeText } from '../../../http/pages/notices.ts'
import { type RenderForm, showForm } from '../../../http/pages/show-form.ts'
import { deviceInWords, deviceOf } from '../../../http/request-device.ts'
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
  const showPage = showForm(renderFactors(deps))
  return async function showFactors(req, res, next) {
    const described = await factorsOf(deps, req)
    if (!described) return signInFirst(req, res, next)
    return prefersHtml(req) ? showPage(req, res, next) : res.json(described)
  }
}

/** Renders the page of a user, or of a visitor who sets up a factor. */
export function renderFactors(deps: AccountDeps): RenderForm {
  return async function renderFactors({ error, fields }, req) {
    const described = await factorsOf(deps, req)
    if (!described) throw notSignedIn()
    const device = deviceInWords(deviceOf(req).userAgent)
    const notice = noticeText(deps.site, req.query.notice)
    // The one field is the name of a passkey.
    const shown = { device, notice, error: error || (fields.name ?? '') }
    return factorsPage(deps.site, { ...described, ...shown, isPending: !req.user })
  }
}

/** The factors that this request may see; null without a user. */
async function factorsOf(deps: AccountDeps, req: Request) {
  const user = req.user ?? (await readPending(deps, req))
  if (!user) return null
  const factors = await readFactors(deps.factors, user.id)
  // Only the user may see the factors; a password alone does not prove that.
  if (!req.user && hasFactor(factors)) return null
  return describeFactors(factors, isFactorRequired(deps.config, user))
}

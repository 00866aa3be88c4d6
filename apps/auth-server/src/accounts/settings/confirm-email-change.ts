import type { Request, RequestHandler, Response } from 'express'
import { renderLinkAction } from '../../http/pages/render-page.ts'
import { textOf } from '../../http/read-input.ts'
import { linkInput } from '../links/link-page.ts'
import { userOfLink } from '../links/user-of-link.ts'
import { paths } from '../../http/paths.ts'
import type { AccountDeps } from '../account-deps.ts'
import { completeEmailChange } from './complete-email-change.ts'
import { endMarkedSessions } from '../../sessions/end-marked-sessions.ts'
import { renewSession } from './renew-session.ts'

/** The page behind the link sent to a new address. Opening it changes nothing (R34). */
export function showConfirmNewEmail(deps: AccountDeps): RequestHandler {
  return async function showConfirmNewEmail(req: Request, res: Response) {
    const token = textOf(req.query, 'token')
    const { user } = await userOfLink(deps, { token, purpose: 'change_email' })
    const page = renderLinkAction(deps.site, {
      title: 'Confirm your new address',
      lead: `The account ${user.username} will use ${user.pendingEmail?.email}, and its other sessions will end.`,
      path: paths.confirmEmail,
      token,
      button: 'Use this address',
    })
    res.type('html').send(page)
  }
}

/**
 * Confirms the new address. Sessions hold the old one, so they all end; if this browser was signed
 * in, it gets a new one.
 */
export function confirmEmailChange(deps: AccountDeps): RequestHandler {
  return async function confirmEmailChange(req, _res, next) {
    const user = await completeEmailChange(deps, { ...linkInput.parse(req.body), from: req })
    deps.audit.emailChanged(req, { user })
    if (req.user?.id === user.id) await renewSession(deps, req, user, { hasPassword: false })
    else await endMarkedSessions(deps, user)
    next()
  }
}

import { type Request, type RequestHandler, type Response, Router } from 'express'
import { acceptBody, prefersHtml } from 'service-kit'
import { giveDeviceCookie } from '../../sign-in/devices/device-cookie.ts'
import { checkBody, textOf } from '../../http/read-input.ts'
import { noticeUrl } from '../../http/pages/notices.ts'
import { type RenderForm, showForm, showFormAgain } from '../../http/pages/show-form.ts'
import { keepTokenPrivate, showLinkProblem } from '../links/link-page.ts'
import { linkPurposes } from '../links/link-purposes.ts'
import { userOfLink } from '../links/user-of-link.ts'
import { paths } from '../../http/paths.ts'
import type { AccountDeps } from '../account-deps.ts'
import { resetInput, resetPassword } from './reset-password.ts'
import { resetPasswordPage } from './reset-password.page.ts'

/** The page behind the link of the reset e-mail, and the route its form posts to. */
export function passwordResetRoutes(deps: AccountDeps): Router {
  const { config, site } = deps
  const router = Router()
  const minutes = linkPurposes.reset.lifetime / 60
  const linkProblem = showLinkProblem(site, {
    advice: `A link to reset a password works once, within ${minutes} minutes. Ask for a new one.`,
    label: 'Get a new link',
    path: paths.forgotPassword,
  })
  const render: RenderForm = ({ error, fields }, req) =>
    resetPasswordPage(site, {
      error,
      fields,
      username: textOf(req.res?.locals, 'username'),
      token: textOf(req.method === 'GET' ? req.query : req.body, 'token'),
      minLength: config.passwordMinLength,
    })
  router.get(paths.reset, keepTokenPrivate, findUsername(deps), showForm(render), linkProblem)
  router.post(
    paths.resetPassword,
    keepTokenPrivate,
    acceptBody({ form: true }),
    checkBody(resetInput),
    findUsername(deps),
    reset(deps),
    linkProblem,
    showFormAgain(render, { statuses: [400] }),
  )
  return router
}

/** Looks up the user name, which the form shows to password managers, also when it is shown again. */
function findUsername(deps: AccountDeps): RequestHandler {
  return async function findUsername(req: Request, res: Response, next) {
    const token = textOf(req.method === 'GET' ? req.query : req.body, 'token')
    res.locals.username = (await userOfLink(deps, { token, purpose: 'reset' })).user.username
    next()
  }
}

function reset(deps: AccountDeps): RequestHandler {
  return async function reset(req: Request, res: Response) {
    const { token, password } = resetInput.parse(req.body)
    const user = await resetPassword(deps, { token, password, from: req })
    // The owner of the mailbox may sign in from here, however many strangers try to (R11).
    giveDeviceCookie(deps.config, req, user)
    deps.relay.wake()
    if (prefersHtml(req)) res.redirect(303, noticeUrl(deps.site, paths.signIn, 'reset'))
    else res.json({ reset: true })
  }
}

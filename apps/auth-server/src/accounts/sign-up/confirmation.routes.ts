import { type Request, type RequestHandler, type Response, Router } from 'express'
import { acceptBody, prefersHtml } from 'service-kit'
import { checkBody } from '../../http/read-input.ts'
import { renderLinkAction } from '../../http/pages/render-page.ts'
import { noticeUrl } from '../../http/pages/notices.ts'
import { keepTokenPrivate, linkInput, showLinkProblem } from '../links/link-page.ts'
import { paths } from '../../http/paths.ts'
import type { AccountDeps } from '../account-deps.ts'
import { confirmAccount } from './confirm-account.ts'

type Deps = Pick<AccountDeps, 'config' | 'site' | 'users' | 'audit'>

/** The page behind the link of the confirmation e-mail, and the route its button posts to. */
export function confirmationRoutes(deps: Deps): Router {
  const router = Router()
  router.get(paths.invite, showConfirmPage(deps))
  router.post(
    paths.confirmAccount,
    acceptBody({ form: true }),
    checkBody(linkInput),
    confirm(deps),
    showLinkProblem(deps.site, {
      advice: 'Request a new e-mail, and follow the link in it.',
      label: 'Send the confirmation again',
      path: paths.resendConfirmation,
    }),
  )
  return router
}

/** The confirm page; a URL without `confirmation` is left to the sign-up page, which shares it. */
function showConfirmPage({ site }: Deps): RequestHandler {
  return function showConfirmPage(req: Request, res: Response, next) {
    const token = req.query.confirmation
    if (typeof token !== 'string') return next()
    const page = renderLinkAction(site, {
      title: 'Confirm your account',
      lead: 'This confirms your e-mail address. Then you can sign in.',
      path: paths.confirmAccount,
      token,
      button: 'Confirm my account',
    })
    return keepTokenPrivate(req, res, () => res.type('html').send(page))
  }
}

function confirm(deps: Deps): RequestHandler {
  return async function confirm(req: Request, res: Response) {
    const user = await confirmAccount(deps, linkInput.parse(req.body).token)
    if (user) deps.audit.accountConfirmed(req, { user })
    if (prefersHtml(req)) res.redirect(303, noticeUrl(deps.site, paths.signIn, 'confirmed'))
    else res.json({ confirmed: true })
  }
}

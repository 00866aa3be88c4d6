import type { Request, RequestHandler, Response } from 'express'
import { prefersHtml } from 'service-kit'
import { clearBrowser } from '../../http/clear-browser.ts'
import { noticeUrl } from '../../http/pages/notices.ts'
import type { Site } from '../../http/pages/render-page.ts'
import { paths } from '../../http/paths.ts'
import type { AccountDeps } from '../account-deps.ts'
import type { AccountNotice } from './account.notices.ts'

/** After a change: JSON gets the status and the user, a browser the account page with a notice. */
export function respondToChange(
  site: Site,
  { status, notice }: { status: number; notice: AccountNotice },
): RequestHandler {
  return function respondToChange(req: Request, res: Response) {
    if (prefersHtml(req)) res.redirect(303, noticeUrl(site, paths.account, notice))
    else res.status(status).json({ user: req.user })
  }
}

/** After a confirmed address: to the account page if this browser is signed in, otherwise to sign in. */
export function answerConfirmedEmail(site: Site): RequestHandler {
  return function answerConfirmedEmail(req: Request, res: Response) {
    const place = req.user
      ? noticeUrl(site, paths.account, 'email')
      : noticeUrl(site, paths.signIn, 'email_changed')
    if (prefersHtml(req)) res.redirect(303, place)
    else res.json({ changed: true })
  }
}

/** After a deletion: clears what this browser has stored and answers 204, or goes to sign in. */
export function answerDeleted({
  config,
  site,
}: Pick<AccountDeps, 'config' | 'site'>): RequestHandler {
  return function answerDeleted(req: Request, res: Response) {
    clearBrowser(config, res)
    if (prefersHtml(req)) res.redirect(303, noticeUrl(site, paths.signIn, 'deleted'))
    else res.status(204).end()
  }
}

import type { Request, RequestHandler, Response } from 'express'
import { prefersHtml } from 'service-kit'
import { clearBrowser } from '../../http/clear-browser.ts'
import { noticeUrl } from '../../http/pages/notices.ts'
import type { Site } from '../../http/pages/render-page.ts'
import { paths } from '../../http/paths.ts'
import type { AccountDeps } from '../account-deps.ts'
import type { AccountNotice } from './account.notices.ts'

/** Changed: a program gets the status and the user, a browser its account page with a notice. */
export function respondToChange(
  site: Site,
  { status, notice }: { status: number; notice: AccountNotice },
): RequestHandler {
  return function respondToChange(req: Request, res: Response) {
    if (prefersHtml(req)) res.redirect(303, noticeUrl(site, paths.account, notice))
    else res.status(status).json({ user: req.user })
  }
}

/** Confirmed: on to the account page where this browser is signed in, else to sign in. */
export function answerConfirmedEmail(site: Site): RequestHandler {
  return function answerConfirmedEmail(req: Request, res: Response) {
    const place = req.user
      ? noticeUrl(site, paths.account, 'email')
      : noticeUrl(site, paths.signIn, 'email_changed')
    if (prefersHtml(req)) res.redirect(303, place)
    else res.json({ changed: true })
  }
}

/** Gone, and what this browser kept with it. */
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

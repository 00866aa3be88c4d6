import { loggedIn } from 'auth-kit/logged-in'
import { Router, type Request, type Response } from 'express'
import { prefersHtml } from 'service-kit'
import { notSignedIn } from '../../http/errors.ts'
import { noticeText } from '../../http/pages/notices.ts'
import { paths } from '../../http/paths.ts'
import type { AccountDeps } from '../account-deps.ts'
import { describeSession } from '../../sessions/describe-session.ts'
import { accountPage } from './account.page.ts'

/** The account page: the signed-in user, and when the session began and ends. */
export function accountRoutes({ store, site }: Pick<AccountDeps, 'store' | 'site'>): Router {
  const router = Router()
  router.get(paths.account, loggedIn(), (req: Request, res: Response) => {
    const { user, session } = req
    if (!user) throw notSignedIn()
    const { signedInAt } = describeSession(session)
    const expiresAt = store.endOf(session)
    if (!prefersHtml(req)) return res.json({ user, signedInAt, expiresAt })
    return res.type('html').send(
      accountPage(site, {
        user,
        signedInAt,
        expiresAt,
        notice: noticeText(site, req.query.notice),
      }),
    )
  })
  return router
}

import { loggedIn } from 'auth-kit/logged-in'
import { type RequestHandler, Router } from 'express'
import { prefersHtml } from 'service-kit'
import { notSignedIn } from '../../http/errors.ts'
import { noticeText } from '../../http/pages/notices.ts'
import { paths } from '../../http/paths.ts'
import type { AccountDeps } from '../account-deps.ts'
import { describeSession } from '../../sessions/describe-session.ts'
import { accountPage } from './account.page.ts'
import { findPendingEmail } from './pending-email.ts'

type Deps = Pick<AccountDeps, 'store' | 'site' | 'users'>

/** The account page: the signed-in user, and when the session began and ends. */
export function accountRoutes(deps: Deps): Router {
  const router = Router()
  router.get(paths.account, loggedIn(), showAccount(deps))
  return router
}

function showAccount({ store, site, users }: Deps): RequestHandler {
  return async function showAccount(req, res) {
    const { user, session } = req
    if (!user) throw notSignedIn()
    const { signedInAt } = describeSession(session)
    const expiresAt = store.endOf(session)
    if (!prefersHtml(req)) return res.json({ user, signedInAt, expiresAt })
    const pendingEmail = site.ownUsers ? await findPendingEmail(users, user.id) : undefined
    const notice = noticeText(site, req.query.notice)
    const page = accountPage(site, { user, pendingEmail, signedInAt, expiresAt, notice })
    return res.type('html').send(page)
  }
}

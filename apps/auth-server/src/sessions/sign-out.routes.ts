import { loggedIn } from 'auth-kit/logged-in'
import { Router, type RequestHandler } from 'express'
import { acceptBody, prefersHtml } from 'service-kit'
import { noticeUrl } from '../http/pages/notices.ts'
import { paths } from '../http/paths.ts'
import type { SessionDeps } from './session-deps.ts'
import { signOut } from './sign-out.ts'
import { signOutPage } from './sign-out.page.ts'

/** Signing out: a page with a button, for links from other servers, and the route it posts to. */
export function signOutRoutes(deps: SessionDeps): Router {
  const router = Router()
  router.get(paths.signOut, showSignedOut(deps), loggedIn(), (req, res) => {
    res.type('html').send(signOutPage(deps.site, { username: req.user?.username ?? '' }))
  })
  router.post(paths.signOut, acceptBody({ form: true }), signOut(deps))
  return router
}

/** Asks for no password if the session has already ended. A link from another site may lack the cookie. */
function showSignedOut({ site }: Pick<SessionDeps, 'site'>): RequestHandler {
  return function showSignedOut(req, res, next) {
    const mayHaveCookie = req.get('Sec-Fetch-Site') === 'cross-site'
    if (req.user || mayHaveCookie || !prefersHtml(req)) return next()
    return res.redirect(303, noticeUrl(site, paths.signIn, 'signed_out'))
  }
}

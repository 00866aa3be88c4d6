import { loggedIn } from 'auth-kit/logged-in'
import { Router } from 'express'
import { acceptBody } from 'service-kit'
import { paths } from '../http/paths.ts'
import type { SessionDeps } from './session-deps.ts'
import { signOut } from './sign-out.ts'
import { signOutPage } from './sign-out.page.ts'

/** Signing out: a page with the button, for links from other servers, and what it posts to. */
export function signOutRoutes(deps: SessionDeps): Router {
  const router = Router()
  router.get(paths.signOut, loggedIn(), (req, res) => {
    res.type('html').send(signOutPage(deps.site, { username: req.user?.username ?? '' }))
  })
  router.post(paths.signOut, acceptBody({ form: true }), signOut(deps))
  return router
}

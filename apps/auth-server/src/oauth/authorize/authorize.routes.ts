import { arriveFromElsewhere, loggedIn } from 'auth-kit/logged-in'
import { type Request, type Response, Router } from 'express'
import { acceptBody } from 'service-kit'
import { limitPerUser } from '../../http/limit-attempts.ts'
import { acceptBodySignedIn } from '../../sessions/still-signed-in.ts'
import { paths } from '../../http/paths.ts'
import type { OAuthDeps } from '../oauth-deps.ts'
import { queryOf } from '../form-query.ts'
import { authorize, decide } from './authorize.ts'

/**
 * `POST /oauth/authorize` from a page of the client (OpenID Connect Core §3.1.2.1). It reads no cookie
 * and redirects to the GET, which reaches the session through the arrival page.
 */
export function postedAuthorizeRoutes({ site }: Pick<OAuthDeps, 'site'>): Router {
  const router = Router()
  router.post(paths.authorize, acceptBody({ form: true }), (req: Request, res: Response) => {
    res.redirect(303, `${site.url(paths.authorize)}?${queryOf(req.body).toString()}`)
  })
  return router
}

/** Client sites send visitors here to sign in. */
export function authorizeRoutes(deps: OAuthDeps): Router {
  const router = Router()
  // Each code is a document that stays for a day.
  const limit = limitPerUser(deps, { name: 'authorize', limit: 600 })
  router.get(paths.authorize, arriveFromElsewhere(), limit, authorize(deps))
  router.post(paths.consent, loggedIn(), acceptBodySignedIn(deps, { form: true }), decide(deps))
  return router
}

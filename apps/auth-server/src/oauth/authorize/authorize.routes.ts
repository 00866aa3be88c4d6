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
 * `POST /oauth/authorize`, from the client's own page (OpenID Connect Core §3.1.2.1): goes on as a GET,
 * which the arrival page then meets with the cookie. It reads no cookie itself.
 */
export function postedAuthorizeRoutes({ site }: Pick<OAuthDeps, 'site'>): Router {
  const router = Router()
  router.post(paths.authorize, acceptBody({ form: true }), (req: Request, res: Response) => {
    res.redirect(303, `${site.url(paths.authorize)}?${queryOf(req.body).toString()}`)
  })
  return router
}

/** Where client sites send visitors to sign in. */
export function authorizeRoutes(deps: OAuthDeps): Router {
  const router = Router()
  // Each code is a document for a day.
  const limit = limitPerUser(deps, { name: 'authorize', limit: 600 })
  router.get(paths.authorize, arriveFromElsewhere(), limit, authorize(deps))
  router.post(paths.consent, loggedIn(), acceptBodySignedIn(deps, { form: true }), decide(deps))
  return router
}

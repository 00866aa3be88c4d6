import { arriveFromElsewhere, loggedIn } from 'auth-kit/logged-in'
import { Router } from 'express'
import { limitPerUser } from '../../http/limit-attempts.ts'
import { acceptBodySignedIn } from '../../sessions/still-signed-in.ts'
import { paths } from '../../http/paths.ts'
import type { OAuthDeps } from '../oauth-deps.ts'
import { authorize, decide } from './authorize.ts'

/** Client sites send visitors here to sign in. */
export function authorizeRoutes(deps: OAuthDeps): Router {
  const router = Router()
  // Each code is a document that stays for a day.
  const limit = limitPerUser(deps, { name: 'authorize', limit: 600 })
  router.get(paths.authorize, arriveFromElsewhere(), limit, authorize(deps))
  router.post(paths.consent, loggedIn(), acceptBodySignedIn(deps, { form: true }), decide(deps))
  return router
}

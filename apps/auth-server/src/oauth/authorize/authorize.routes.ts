import { arriveFromElsewhere } from 'auth-kit/logged-in'
import { Router } from 'express'
import { limitPerUser } from '../../http/limit-attempts.ts'
import { paths } from '../../http/paths.ts'
import type { OAuthDeps } from '../oauth-deps.ts'
import { authorize } from './authorize.ts'

/** Where client sites send visitors to sign in. */
export function authorizeRoutes(deps: OAuthDeps): Router {
  const router = Router()
  // Each code is a document for a day.
  const limit = limitPerUser(deps, { name: 'authorize', limit: 600 })
  router.get(paths.authorize, arriveFromElsewhere(), limit, authorize(deps))
  return router
}

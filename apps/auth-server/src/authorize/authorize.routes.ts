import { arriveFromElsewhere } from 'auth-kit/logged-in'
import { Router } from 'express'
import { paths } from '../paths.ts'
import type { RouteDeps } from '../route-deps.ts'
import { authorize } from './authorize.ts'

/** Where client sites send visitors to sign in. */
export function authorizeRoutes(deps: RouteDeps): Router {
  const router = Router()
  router.get(paths.authorize, arriveFromElsewhere(), authorize(deps))
  return router
}

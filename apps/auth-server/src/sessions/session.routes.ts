import { Router } from 'express'
import { notSignedIn } from '../errors.ts'
import { paths } from '../paths.ts'
import type { RouteDeps } from '../route-deps.ts'
import { sessionEnd } from './session-end.ts'

/** What an app shell asks first: is anybody signed in, and until when? */
export function sessionRoutes({ config }: Pick<RouteDeps, 'config'>): Router {
  const router = Router()
  router.get(paths.session, (req, res) => {
    if (!req.user) throw notSignedIn()
    res.json({ user: req.user, expiresAt: sessionEnd(req.session, config).toISOString() })
  })
  return router
}

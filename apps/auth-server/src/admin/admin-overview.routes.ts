import { Router } from 'express'
import { paths } from '../paths.ts'
import type { RouteDeps } from '../route-deps.ts'
import { overviewPage } from './overview.page.ts'

/** The first admin page: how things are. */
export function adminOverviewRoutes({ site, users }: RouteDeps): Router {
  const router = Router()
  router.get(paths.admin, async (_req, res) => {
    const count = await users.countDocuments()
    res.type('html').send(overviewPage(site, { users: count }))
  })
  return router
}

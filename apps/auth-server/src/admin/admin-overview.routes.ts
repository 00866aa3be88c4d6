import { Router, type RequestHandler } from 'express'
import { prefersHtml } from 'service-kit'
import { paths } from '../paths.ts'
import type { RouteDeps } from '../route-deps.ts'
import { lookOver } from './look-over.ts'
import { overviewPage } from './overview.page.ts'

/** The first admin page: how things are. */
export function adminOverviewRoutes(deps: RouteDeps): Router {
  const router = Router()
  router.get(paths.admin, showOverview(deps))
  return router
}

function showOverview(deps: RouteDeps): RequestHandler {
  return async function showOverview(req, res) {
    const overview = await lookOver(deps)
    if (!prefersHtml(req)) return res.json(overview)
    return res.type('html').send(overviewPage(deps.site, overview))
  }
}

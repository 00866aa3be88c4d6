import { Router, type RequestHandler } from 'express'
import { prefersHtml } from 'service-kit'
import { paths } from '../../http/paths.ts'
import type { AdminDeps } from '../admin-deps.ts'
import { gatherOverview } from './gather-overview.ts'
import { overviewPage } from './overview.page.ts'

/** The first admin page: the state of the system. */
export function adminOverviewRoutes(deps: AdminDeps): Router {
  const router = Router()
  router.get(paths.admin, showOverview(deps))
  return router
}

function showOverview(deps: AdminDeps): RequestHandler {
  return async function showOverview(req, res) {
    const overview = await gatherOverview(deps)
    if (!prefersHtml(req)) return res.json(overview)
    return res.type('html').send(overviewPage(deps.site, overview))
  }
}

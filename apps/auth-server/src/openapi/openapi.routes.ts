import { Router } from 'express'
import { paths } from '../http/paths.ts'
import type { AdminDeps } from '../admin/admin-deps.ts'
import { apiPage } from './api.page.ts'
import { buildDocument } from './build-document.ts'

/** The description of the API as JSON and, outside production, as a page. */
export function openApiRoutes({ config, site }: Pick<AdminDeps, 'config' | 'site'>): Router {
  const document = buildDocument({ url: config.publicUrl.href, siteName: site.name })
  const router = Router()
  router.get(paths.openApi, (_req, res) => void res.json(document))
  if (!config.production)
    router.get(paths.apiPage, (_req, res) => {
      res.type('html').send(apiPage(site, document))
    })
  return router
}

import { Router } from 'express'
import { noStore } from 'service-kit'
import { paths } from '../../http/paths.ts'
import type { Site } from '../../http/pages/render-page.ts'

/**
 * Leads password managers to the form that changes the password (W3C, A Well-Known URL for Changing
 * Passwords). They look at the root of the origin, which no router under BASE_PATH sees.
 */
export function changePasswordUrlRoutes(site: Site): Router {
  const router = Router()
  const addresses = [paths.changePasswordUrl, site.url(paths.changePasswordUrl)]
  router.get(addresses, noStore, (_req, res) => res.redirect(303, site.url(paths.changePassword)))
  return router
}

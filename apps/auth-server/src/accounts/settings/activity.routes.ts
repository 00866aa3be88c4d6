import { loggedIn } from 'auth-kit/logged-in'
import { type RequestHandler, Router } from 'express'
import { prefersHtml, validate } from 'service-kit'
import { listSecurityEvents } from './list-security-events.ts'
import { notSignedIn } from '../../http/errors.ts'
import { paths } from '../../http/paths.ts'
import type { AccountDeps } from '../account-deps.ts'
import { pageInput } from '../../http/read-input.ts'
import { activityPage } from './activity.page.ts'

/** The activity page: the security events of the user's own account. */
export function activityRoutes(deps: AccountDeps): Router {
  const router = Router()
  router.get(paths.activity, loggedIn(), showActivity(deps))
  return router
}

function showActivity({ site, auditRecords }: AccountDeps): RequestHandler {
  return async function showActivity(req, res) {
    if (!req.user) throw notSignedIn()
    const { after } = validate(pageInput, req.query)
    const page = await listSecurityEvents(auditRecords, req.user.id, { after })
    if (!prefersHtml(req)) return res.json(page)
    return res.type('html').send(activityPage(site, { ...page, isFirst: after === undefined }))
  }
}

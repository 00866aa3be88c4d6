import { type Request, type Response, Router } from 'express'
import { acceptBody } from 'service-kit'
import type { OAuthDeps } from './oauth-deps.ts'
import { queryOf } from './form-query.ts'

/**
 * `POST` of a form on a client's page to a path that also takes `GET` (OpenID Connect Core §3.1.2.1,
 * RP-Initiated Logout 1.0 §2). It reads no cookie and redirects to the GET, which reaches the session
 * through the arrival page.
 */
export function postedAsGet({ site }: Pick<OAuthDeps, 'site'>, paths: readonly string[]): Router {
  const router = Router()
  for (const path of paths)
    router.post(path, acceptBody({ form: true }), (req: Request, res: Response) => {
      res.redirect(303, `${site.url(path)}?${queryOf(req.body).toString()}`)
    })
  return router
}

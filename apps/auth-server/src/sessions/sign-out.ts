import { presentedSessionIds } from 'auth-kit/session'
import type { Request, RequestHandler, Response } from 'express'
import { prefersHtml } from 'service-kit'
import { clearBrowser } from '../http/clear-browser.ts'
import { paths } from '../http/paths.ts'
import type { SessionDeps } from './session-deps.ts'
import { endOwnSession, endStoredSession } from './end-session.ts'

/** Ends the session, if any, and the tokens of its SSO session, then answers. */
export function signOut(deps: SessionDeps): RequestHandler {
  const { config, site } = deps
  return async function signOut(req: Request, res: Response) {
    const { user } = req
    await endOwnSession(deps, req)
    if (user) deps.audit.signedOut(req, { user })
    const presented = presentedSessionIds(req)
    await Promise.all(presented.map((id) => endStoredSession(deps, id)))
    clearBrowser(config, res)
    if (prefersHtml(req)) res.redirect(303, site.url(paths.signIn))
    else res.json({})
  }
}

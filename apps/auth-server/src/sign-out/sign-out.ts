import { droppedSessionIds, sessionCookieAttributes, sessionCookieName } from 'auth-kit/session'
import type { Request, RequestHandler, Response } from 'express'
import { prefersHtml } from 'service-kit'
import { paths } from '../paths.ts'
import type { RouteDeps } from '../route-deps.ts'
import { endSession } from '../sessions/end-session.ts'

/** Ends the session, whether there is one or not; says so only once it is done. */
export function signOut({ config, site, store }: RouteDeps): RequestHandler {
  return async function signOut(req: Request, res: Response) {
    if (store.isStored(req.session)) await endSession(req)
    const others = droppedSessionIds(req, config.sessionSecrets)
    await Promise.all(others.map((id) => store.deleteSession(id)))
    res.clearCookie(sessionCookieName(config), sessionCookieAttributes(config))
    // Not "cookies": others on this host are none of ours.
    res.set('Clear-Site-Data', '"cache", "storage"')
    if (prefersHtml(req)) res.redirect(303, site.url(paths.signIn))
    else res.json({})
  }
}

import { arriveFromElsewhere } from 'auth-kit/logged-in'
import { type Request, type RequestHandler, type Response, Router } from 'express'
import { acceptBody } from 'service-kit'
import { clearBrowser } from '../../http/clear-browser.ts'
import { paths } from '../../http/paths.ts'
import { renderMessage, renderPage } from '../../http/pages/render-page.ts'
import { endOwnSession } from '../../sessions/end-session.ts'
import { findFamily } from '../families/find-family.ts'
import { queryOf } from '../form-query.ts'
import type { OAuthDeps } from '../oauth-deps.ts'
import { type LogoutRequest, readLogoutRequest } from './logout-request.ts'
import { sitesOfSignIn } from './sites-of-sign-in.ts'

/** Sign-out at a client's request (RP-Initiated Logout 1.0): the GET asks, its form's POST signs out. */
export function logoutRoutes(deps: OAuthDeps): Router {
  const router = Router()
  router.get(paths.endSession, arriveFromElsewhere(), ask(deps))
  router.post(paths.confirmEndSession, acceptBody({ form: true }), signOut(deps))
  return router
}

function ask(deps: OAuthDeps): RequestHandler {
  return async function ask(req, res) {
    const request = await readLogoutRequest(deps, req.query)
    if (!req.user) return respondSignedOut(deps, res, { request, sites: [] })
    const page = renderPage(deps.site, {
      template: 'oauth/logout/logout.page.eta',
      title: 'Sign out',
      data: {
        username: req.user.username,
        client: request.client?.name,
        // The hint proves that the client means this session, so no click is needed.
        sendsItself: await isOwnHint(deps, req, request),
        parameters: [...queryOf(req.query)],
      },
    })
    return res.type('html').send(page)
  }
}

function signOut(deps: OAuthDeps): RequestHandler {
  return async function signOut(req, res) {
    const request = await readLogoutRequest(deps, req.body)
    const { user, session } = req
    const signIn = session.authKit?.signIn
    const sites = signIn ? await sitesOfSignIn(deps, signIn.id) : []
    await endOwnSession(deps, req)
    if (user) deps.audit.signedOut(req, { user })
    clearBrowser(deps.config, res)
    respondSignedOut(deps, res, { request, sites })
  }
}

/** Whether the hint is from the SSO session of this request. */
async function isOwnHint(
  { families }: OAuthDeps,
  { session }: Request,
  { hint }: LogoutRequest,
): Promise<boolean> {
  const family = hint && (await findFamily(families, hint.familyId))
  return family?.signInId !== undefined && family.signInId === session.authKit?.signIn?.id
}

/** Answers with a page that names the notified sites and redirects to the client's address. */
function respondSignedOut(
  { site }: OAuthDeps,
  res: Response,
  { request, sites }: { request: LogoutRequest; sites: string[] },
): void {
  const { client, returnTo } = request
  const text = sites.length > 0 ? `You are also being signed out of ${sites.join(', ')}.` : ''
  const page = renderMessage(site, {
    title: 'Signed out',
    lead: 'You are signed out.',
    text,
    action:
      returnTo === undefined
        ? { label: 'Sign in again', href: site.url(paths.signIn) }
        : { label: `Back to ${client?.name ?? 'the site'}`, href: returnTo },
  })
  if (returnTo !== undefined) res.set('Refresh', `0;url=${returnTo}`)
  res.type('html').send(page)
}

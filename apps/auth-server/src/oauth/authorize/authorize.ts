import type { Request, RequestHandler, Response } from 'express'
import { Problem } from 'service-kit'
import { paths } from '../../http/paths.ts'
import type { OAuthDeps } from '../oauth-deps.ts'
import { signInOfSession } from '../../sessions/sign-in-of-session.ts'
import { checkAuthorizeRequest } from './check-authorize-request.ts'
import { findRedirect, type Redirect } from './find-redirect.ts'
import { giveCode } from './issue-code.ts'
import { sendBack } from './redirect-to-client.ts'

/**
 * The code flow's first half (RFC 6749 §4.1.1): whoever is signed in is sent back with a code at
 * once, anybody else signs in first. Nobody is asked whether to share: the sites are the operator's
 * own.
 */
export function authorize(deps: OAuthDeps): RequestHandler {
  return async function authorize(req, res) {
    const redirect = await findRedirect(deps.clients, req.query)
    try {
      const code = await codeFor(deps, req, redirect)
      sendBack(deps, { req, res, redirect, answer: { code } })
    } catch (error) {
      answerFailure(deps, { req, res, redirect, error })
    }
  }
}

async function codeFor(deps: OAuthDeps, req: Request, redirect: Redirect): Promise<string> {
  const request = checkAuthorizeRequest(redirect.client, req.query)
  const signIn = await signInOfSession(deps, req)
  return await giveCode(deps.families, { ...redirect, ...request, signIn })
}

type Failure = { req: Request; res: Response; redirect: Redirect; error: unknown }

function answerFailure(deps: OAuthDeps, { req, res, redirect, error }: Failure): void {
  const code = error instanceof Problem ? error.code : ''
  if (error instanceof Problem && 'error' in error.extra)
    sendBack(deps, { req, res, redirect, answer: error.extra })
  else if (code === 'not_signed_in') askFirst(deps, { req, res, path: paths.signIn })
  else if (code === 'reauthentication_required')
    askFirst(deps, { req, res, path: paths.reauthenticate })
  else throw error
}

/** By way of a form that returns to this very request. */
function askFirst(
  { config, site }: OAuthDeps,
  { req, res, path }: { req: Request; res: Response; path: string },
): void {
  const query = URL.parse(req.originalUrl, config.publicUrl.href)?.search ?? ''
  const returnTo = encodeURIComponent(`${site.url(paths.authorize)}${query}`)
  res.redirect(303, `${site.url(path)}?returnTo=${returnTo}`)
}

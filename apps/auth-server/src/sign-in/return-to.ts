import type { Request, RequestHandler, Response } from 'express'
import { allowFormTarget, prefersHtml } from 'service-kit'
import { paths } from '../http/paths.ts'
import type { SignInDeps } from './sign-in-deps.ts'
import { normalizeIdentity } from '../users/normalize-identity.ts'
import { signInInput } from './sign-in-input.ts'

type Deps = Pick<SignInDeps, 'config' | 'site'>

/** Ends a sign-in: programs get the user, browsers go to the page they asked for. */
export function returnToTarget(deps: Deps): RequestHandler {
  return function returnToTarget(req: Request, res: Response) {
    if (req.method === 'POST' && !prefersHtml(req)) return res.json({ user: req.user })
    return res.redirect(303, destination(deps, returnToIn(req)))
  }
}

/** A visit to the sign-in page by somebody who is signed in. */
export function skipIfSignedIn(deps: Deps): RequestHandler {
  const pass = returnToTarget(deps)
  return (req, res, next) => (req.user ? pass(req, res, next) : next())
}

/** Signing in as the user who is signed in already: done, without looking at the password. */
export function skipIfSignedInAs(deps: Deps): RequestHandler {
  const pass = returnToTarget(deps)
  return (req, res, next) => {
    const login = normalizeIdentity(signInInput.parse(req.body).username)
    const names = req.user ? [req.user.username, req.user.email].map(normalizeIdentity) : []
    return names.includes(login) ? pass(req, res, next) : next()
  }
}

/** The address to return to after a form; empty if the visitor asked for none. */
export function returnAddress(deps: Deps, req: Request): string {
  const returnTo = returnToIn(req)
  return returnTo === undefined ? '' : destination(deps, returnTo)
}

/** The address to return to if it is allowed, otherwise the account page. */
function destination({ config, site }: Deps, returnTo: string | undefined): string {
  return safeReturnTo(returnTo, {
    ownOrigin: config.publicUrl.origin,
    allowedOrigins: config.returnToOrigins,
    fallback: site.url(paths.account),
  })
}

function returnToIn(req: Request): string | undefined {
  const given: unknown = req.method === 'GET' ? req.query : req.body
  const { success, data } = signInInput.pick({ returnTo: true }).safeParse(given)
  return success ? data.returnTo : undefined
}

/**
 * Where to go after signing in: a path here or an address at a listed origin, else `fallback`
 * (OWASP: no open redirect). It judges an address as a browser reads it, so `//host`, `/\host`,
 * `https:host` and tabs in between are what they become there.
 */
function safeReturnTo(
  returnTo: string | undefined,
  options: { ownOrigin: string; allowedOrigins: readonly string[]; fallback: string },
): string {
  const { ownOrigin, allowedOrigins, fallback } = options
  if (returnTo === undefined || !URL.canParse(returnTo, ownOrigin)) return fallback
  const url = new URL(returnTo, ownOrigin)
  // blob:https://host/… says that its origin is https://host.
  if (!/^https?:$/.test(url.protocol)) return fallback
  const path = `${url.pathname.replace(/^\/+/, '/')}${url.search}${url.hash}`
  if (url.origin === ownOrigin) return path
  return allowedOrigins.includes(url.origin) ? `${url.origin}${path}` : fallback
}

/** Allows this page’s form to end at the return address, even on another origin. */
export function allowReturnTarget(deps: Pick<SignInDeps, 'config' | 'site'>): RequestHandler {
  return function allowReturnTarget(req, res, next) {
    const returnTo = returnAddress(deps, req)
    if (URL.canParse(returnTo)) allowFormTarget(res, new URL(returnTo).origin)
    next()
  }
}

import type { Request, RequestHandler, Response } from 'express'
import { allowFormTarget, prefersHtml } from 'service-kit'
import { redirectByPage, mayFollowForm } from '../http/pages/redirect-page.ts'
import { paths } from '../http/paths.ts'
import type { SignInDeps } from './sign-in-deps.ts'
import { normalizeIdentity } from '../users/normalize-identity.ts'
import { signInInput } from './sign-in-input.ts'

type Deps = Pick<SignInDeps, 'config' | 'site' | 'logger'>

/**
 * Ends a sign-in: answers programs with the user and sends browsers to the page they asked for. After a
 * form, a page opens every URL that is not this server's own, because it may redirect anywhere.
 */
export function returnToTarget(deps: Deps): RequestHandler {
  return function returnToTarget(req: Request, res: Response) {
    if (req.method === 'POST' && !prefersHtml(req)) return res.json({ user: req.user })
    const url = destination(deps, returnToIn(req))
    if (!mayFollowForm(req) || isOwnPage(deps, url)) return res.redirect(303, url)
    return redirectByPage(deps.site, res, {
      url,
      lead: 'You are signed in.',
      text: 'You are being redirected.',
      label: 'Continue',
    })
  }
}

/** Another app may be served at this origin, behind the same proxy. */
function isOwnPage({ config, site }: Pick<Deps, 'config' | 'site'>, address: string): boolean {
  const { origin, pathname } = new URL(address, config.publicUrl)
  const own = ['/', ...Object.values(paths)].map((path) => site.url(path))
  const isKnown = own.some((path) => pathname === path || pathname.startsWith(`${path}/`))
  return origin === config.publicUrl.origin && isKnown
}

/** Sends signed-in users on from the sign-in page. */
export function skipIfSignedIn(deps: Deps): RequestHandler {
  const pass = returnToTarget(deps)
  return (req, res, next) => (req.user ? pass(req, res, next) : next())
}

/** Answers a sign-in as the signed-in user at once, without checking the password. */
export function skipIfSignedInAs(deps: Deps): RequestHandler {
  const pass = returnToTarget(deps)
  return (req, res, next) => {
    const login = normalizeIdentity(signInInput.parse(req.body).username)
    const names = req.user ? [req.user.username, req.user.email].map(normalizeIdentity) : []
    return names.includes(login) ? pass(req, res, next) : next()
  }
}

/** The URL to return to after a form; empty if the request names none. */
export function returnAddress(deps: Deps, req: Request): string {
  const returnTo = returnToIn(req)
  return returnTo === undefined ? '' : destination(deps, returnTo)
}

/** The URL to return to if it is allowed, otherwise the account page. */
function destination(deps: Deps, returnTo: string | undefined): string {
  const { config, site } = deps
  const url = safeReturnTo(returnTo, {
    ownOrigin: config.publicUrl.origin,
    allowedOrigins: config.returnToOrigins,
  })
  if (url === undefined && returnTo !== undefined) logUnlistedOrigin(deps, returnTo)
  return url ?? site.url(paths.account)
}

const logged = new WeakMap<object, Set<string>>()

/** In development, logs once for each origin why a sign-in does not return there. */
function logUnlistedOrigin({ config, logger }: Deps, returnTo: string): void {
  const origin = URL.parse(returnTo, config.publicUrl.href)?.origin ?? 'null'
  const before = logged.get(config) ?? new Set()
  if (config.production || origin === 'null' || before.has(origin)) return
  logged.set(config, before.add(origin))
  logger.warn(
    `A sign-in does not return to ${origin}, because it is not in RETURN_TO_ORIGINS. It ends at the account page.`,
  )
}

function returnToIn(req: Request): string | undefined {
  const given: unknown = req.method === 'GET' ? req.query : req.body
  const { success, data } = signInInput.pick({ returnTo: true }).safeParse(given)
  return success ? data.returnTo : undefined
}

/**
 * The URL to go to after a sign-in: a path here or a URL at a listed origin, otherwise undefined (OWASP:
 * no open redirect). Parses it as a browser does, including `//host`, `/\host`, `https:host` and tabs.
 */
function safeReturnTo(
  returnTo: string | undefined,
  { ownOrigin, allowedOrigins }: { ownOrigin: string; allowedOrigins: readonly string[] },
): string | undefined {
  if (returnTo === undefined || !URL.canParse(returnTo, ownOrigin)) return undefined
  const url = new URL(returnTo, ownOrigin)
  // The origin of blob:https://host/… is https://host.
  if (!/^https?:$/.test(url.protocol)) return undefined
  const path = `${url.pathname.replace(/^\/+/, '/')}${url.search}${url.hash}`
  if (url.origin === ownOrigin) return path
  return allowedOrigins.includes(url.origin) ? `${url.origin}${path}` : undefined
}

/** Allows this page’s form to end at the return URL in browsers that do not send `Sec-Fetch-Site`. */
export function allowReturnTarget(deps: Deps): RequestHandler {
  return function allowReturnTarget(req, res, next) {
    const returnTo = returnAddress(deps, req)
    if (URL.canParse(returnTo)) allowFormTarget(res, new URL(returnTo).origin)
    next()
  }
}

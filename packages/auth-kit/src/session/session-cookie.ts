import { createHmac } from 'node:crypto'
import type { Request } from 'express'

export type CookieOptions = {
  /** The address browsers reach this app at: its scheme decides the cookie's name and Secure flag. */
  publicUrl?: string | URL | undefined
  /** For sister domains: the domain they share. */
  cookieDomain?: string | undefined
}

/** Over https always; where no address is given, in production. */
export function isSecure({ publicUrl }: CookieOptions): boolean {
  if (publicUrl === undefined) return process.env.NODE_ENV === 'production'
  return new URL(publicUrl).protocol === 'https:'
}

/**
 * `__Host-session`, which no sister domain can plant, or `__Secure-session` with a domain to
 * share; on plain http browsers take neither, so `session` there (RFC 6265bis, section 4.1.3).
 *
 * @throws TypeError when `publicUrl` is no URL
 */
export function sessionCookieName(options: CookieOptions): string {
  if (!isSecure(options)) return 'session'
  return options.cookieDomain ? '__Secure-session' : '__Host-session'
}

/**
 * The attributes of the session cookie but for its age, as `res.cookie` takes them; to clear it takes
 * the same ones.
 *
 * @throws TypeError when `publicUrl` is no URL
 */
export function sessionCookieAttributes(options: CookieOptions) {
  return {
    httpOnly: true,
    path: '/',
    sameSite: 'strict',
    secure: isSecure(options),
    ...(options.cookieDomain && { domain: options.cookieDomain }),
  } as const
}

/** The cookie's value for a session id, signed as express-session does. */
export function signSessionId(id: string, secret: string): string {
  const signature = createHmac('sha256', secret).update(id).digest('base64').replace(/=+$/, '')
  return encodeURIComponent(`s:${id}.${signature}`)
}

/** The values of every cookie of that name: RFC 6265 says nothing about which of two comes first. */
export function cookiesNamed(req: Request, name: string): string[] {
  return cookiePairs(req).filter((pair) => nameOf(pair) === name)
}

const dropped = new WeakMap<Request, string[]>()

/**
 * The well-signed session ids among this request's cookies that did not count, since there were two
 * of the name: signing out ends them all. None for a request that did not come through `session`.
 *
 * @param secrets the session secrets, any of which may have signed
 */
export function droppedSessionIds(req: Request, secrets: readonly string[]): string[] {
  return (dropped.get(req) ?? []).flatMap((pair) => {
    const value = pair.slice(pair.indexOf('=') + 1).trim()
    const id = /^s%3A([\w-]+)\./.exec(value)?.[1]
    const isSigned = id && secrets.some((secret) => signSessionId(id, secret) === value)
    return isSigned ? [id] : []
  })
}

/**
 * Two cookies of one name mean that somebody planted one (cookie tossing): neither counts. What a
 * cookie parser in front made of the header does not count either: express-session would fall back
 * to it.
 */
export function dropAmbiguousCookie(req: Request, name: string): void {
  const pairs = cookiesNamed(req, name)
  if (pairs.length > 1) {
    dropped.set(req, pairs)
    req.headers.cookie = cookiePairs(req)
      .filter((pair) => nameOf(pair) !== name)
      .join(';')
  }
  for (const parsed of [req.cookies, req.signedCookies]) if (parsed) delete parsed[name]
}

function cookiePairs(req: Request): string[] {
  return (req.headers.cookie ?? '').split(';')
}

/** Spaces and tabs do not count, as little as in express-session's parser; any other space does. */
function nameOf(pair: string): string {
  return pair.slice(0, Math.max(0, pair.indexOf('='))).replaceAll(/[ \t]/g, '')
}

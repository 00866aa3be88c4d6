import { createHmac } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

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
 */
export function sessionCookieName(options: CookieOptions): string {
  if (!isSecure(options)) return 'session'
  return options.cookieDomain ? '__Secure-session' : '__Host-session'
}

/** The attributes of the session cookie but for its age; to clear it takes the same ones. */
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
export function cookiesNamed(req: IncomingMessage, name: string): string[] {
  const pairs = (req.headers.cookie ?? '').split(';').map((pair) => pair.replace(/^[ \t]+/, ''))
  return pairs.filter((pair) => pair.startsWith(`${name}=`))
}

/** Two cookies of one name mean that somebody planted one (cookie tossing): neither counts. */
export function dropAmbiguousCookie(req: IncomingMessage, name: string): void {
  if (cookiesNamed(req, name).length > 1) delete req.headers.cookie
}

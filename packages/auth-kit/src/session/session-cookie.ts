import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

export type CookieOptions = {
  /** The URL at which browsers reach this app. Its scheme decides the cookie's name and Secure flag. */
  publicUrl?: string | URL | undefined
  /** The domain that sister hosts share. */
  cookieDomain?: string | undefined
  /** The name without its prefix, to separate systems on one domain. `session` */
  cookieName?: string | undefined
}

/** True for https, and without a `publicUrl` in production. */
export function isSecure({ publicUrl }: CookieOptions): boolean {
  if (publicUrl === undefined) return process.env.NODE_ENV === 'production'
  return new URL(publicUrl).protocol === 'https:'
}

/**
 * `__Host-session`, which no sister domain can plant, or `__Secure-session` with a shared domain. Over
 * plain http browsers reject both prefixes, so it is `session` there (RFC 6265bis, section 4.1.3).
 *
 * @throws TypeError if `publicUrl` is not a URL, or `cookieName` is not a cookie name (an RFC 9110 token)
 */
export function sessionCookieName(options: CookieOptions): string {
  const { cookieName = 'session', cookieDomain } = options
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(cookieName) || /^__(host|secure)-/i.test(cookieName)) {
    throw new TypeError('cookieName: must be letters, digits, - and _, without a prefix')
  }
  if (!isSecure(options)) return cookieName
  return cookieDomain ? `__Secure-${cookieName}` : `__Host-${cookieName}`
}

/**
 * The attributes of the session cookie without its age, for `res.cookie` and `res.clearCookie`.
 *
 * @throws TypeError if `publicUrl` is not a URL
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

/** The cookie's value for a session id, signed like express-session does. */
export function signSessionId(id: string, secret: string): string {
  return encodeURIComponent(`s:${id}.${signatureOf(id, secret)}`)
}

function signatureOf(id: string, secret: string): string {
  return createHmac('sha256', secret).update(id).digest('base64').replace(/=+$/, '')
}

/** The values of all cookies of that name. RFC 6265 does not define their order. */
export function cookiesNamed(req: IncomingMessage, name: string): string[] {
  const pairs = (req.headers.cookie ?? '').split(';').map((pair) => pair.split(/=(.*)/s))
  return pairs.flatMap(([found = '', value]) =>
    value !== undefined && trim(found) === name ? [value] : [],
  )
}

/** Trims only spaces and tabs, like express-session's parser. */
function trim(text: string): string {
  return text.replaceAll(/^[ \t]+|[ \t]+$/g, '')
}

const presented = new WeakMap<IncomingMessage, string[]>()

/**
 * The validly signed session id among this request's cookies. If there are two, one may be planted
 * (cookie tossing), so neither counts. Cookies signed by others, such as another system on the same
 * domain, are ignored.
 *
 * Reads only the header, not the result of a cookie parser.
 */
export function readSessionId(
  req: IncomingMessage,
  name: string,
  secrets: readonly string[],
): string | undefined {
  const ids = cookiesNamed(req, name).map((value) => verifiedId(value, secrets))
  const [id, ...others] = new Set(ids.filter((id) => id !== undefined))
  if (id === undefined) return undefined
  presented.set(req, [id, ...others])
  return others.length === 0 ? id : undefined
}

/**
 * All validly signed session ids among this request's cookies, including those that did not count
 * because there were several, and those of sessions that have ended. Signing out ends them all. Empty
 * for a request that did not pass through `session`.
 */
export function presentedSessionIds(req: IncomingMessage): string[] {
  return presented.get(req) ?? []
}

/** The validly signed session ids that did not count because there were several. */
export function droppedSessionIds(req: IncomingMessage): string[] {
  const ids = presentedSessionIds(req)
  return ids.length > 1 ? ids : []
}

function verifiedId(value: string, secrets: readonly string[]): string | undefined {
  const text = decode(trim(value).replace(/^"(.*)"$/, '$1'))
  const dot = text.lastIndexOf('.')
  if (!text.startsWith('s:') || dot < 3) return undefined
  const [id, signature] = [text.slice(2, dot), Buffer.from(text.slice(dot + 1))]
  const isGood = secrets.some((secret) => {
    const expected = Buffer.from(signatureOf(id, secret))
    return expected.length === signature.length && timingSafeEqual(expected, signature)
  })
  return isGood ? id : undefined
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

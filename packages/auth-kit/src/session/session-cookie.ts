import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

export type CookieOptions = {
  /** The address browsers reach this app at: its scheme decides the cookie's name and Secure flag. */
  publicUrl?: string | URL | undefined
  /** For sister domains: the domain they share. */
  cookieDomain?: string | undefined
  /** Instead of `session`, to set systems under one domain apart; the prefix is added in front. */
  cookieName?: string | undefined
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
 * @throws TypeError when `publicUrl` is no URL, or `cookieName` no name (a token of RFC 9110)
 */
export function sessionCookieName(options: CookieOptions): string {
  const { cookieName = 'session', cookieDomain } = options
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(cookieName) || /^__(host|secure)-/i.test(cookieName)) {
    throw new TypeError('cookieName: letters, digits, - and _, without a prefix')
  }
  if (!isSecure(options)) return cookieName
  return cookieDomain ? `__Secure-${cookieName}` : `__Host-${cookieName}`
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
  return encodeURIComponent(`s:${id}.${signatureOf(id, secret)}`)
}

function signatureOf(id: string, secret: string): string {
  return createHmac('sha256', secret).update(id).digest('base64').replace(/=+$/, '')
}

/** The values of every cookie of that name: RFC 6265 says nothing about which of two comes first. */
export function cookiesNamed(req: IncomingMessage, name: string): string[] {
  const pairs = (req.headers.cookie ?? '').split(';').map((pair) => pair.split(/=(.*)/s))
  return pairs.flatMap(([found = '', value]) =>
    value !== undefined && trim(found) === name ? [value] : [],
  )
}

/** Spaces and tabs do not count, as little as in express-session's parser; any other space does. */
function trim(text: string): string {
  return text.replaceAll(/^[ \t]+|[ \t]+$/g, '')
}

const presented = new WeakMap<IncomingMessage, string[]>()

/**
 * The session id that one of this request's cookies names under a good signature. Two of them mean
 * that somebody planted one (cookie tossing): neither counts. A cookie that others signed, another
 * system under the same domain say, is none of ours.
 *
 * Only the header counts, and not what a cookie parser in front made of it.
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
 * The well-signed session ids among this request's cookies, those included that did not count, since
 * there were two of them, and those of sessions that have ended: signing out ends them all. Empty for a
 * request that did not come through `session`.
 */
export function presentedSessionIds(req: IncomingMessage): string[] {
  return presented.get(req) ?? []
}

/** The same of those that did not count, since there were two of them. */
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

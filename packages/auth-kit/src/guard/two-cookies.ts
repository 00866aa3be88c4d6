import type { Request, Response } from 'express'
import { sessionChallenge } from '../errors.ts'
import { droppedSessionIds } from '../session/session-cookie.ts'
import { contextOf } from './request-context.ts'
import { sendPage } from './send-page.ts'

/** Whether this visitor is unknown only because two session cookies came with good signatures. */
export function hasTwoCookies(req: Request): boolean {
  return droppedSessionIds(req).length > 0
}

/**
 * Signing in would not help a browser that keeps sending two session cookies. Ends both sessions,
 * removes both cookies, and says so.
 */
export async function startOver(req: Request, res: Response): Promise<void> {
  await Promise.all(droppedSessionIds(req).map((id) => endSession(req, id)))
  const { authUrl, cookieName } = contextOf(req)
  removeCookies(req, res, cookieName)
  res.status(401).set({ ...sessionChallenge, 'Cache-Control': 'no-store' })
  sendPage(res, {
    title: 'Please sign in again',
    text: `Your browser sent two different session cookies named ${cookieName}, so neither counts. Both are removed now. If this page comes back, two systems under this domain use the same cookie name: their operators set another one by COOKIE_NAME or cookieName.`,
    link: { url: `${authUrl}login`, label: 'Sign in', goesOn: false },
  })
}

/** One that cannot be ended now ends by itself: no browser has its cookie any more. */
function endSession(req: Request, id: string): Promise<void> {
  return new Promise((resolve) => req.sessionStore.destroy(id, () => resolve()))
}

/** The cookie of this host, and of each domain above it that could have set one (RFC 6265, 5.1.3). */
function removeCookies(req: Request, res: Response, name: string): void {
  const secure = name.startsWith('__') ? '; Secure' : ''
  const domains = domainsOf(req.hostname).map((domain) => `; Domain=${domain}`)
  for (const domain of ['', ...domains]) {
    const removal = `${name}=${domain}; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly`
    res.append('Set-Cookie', `${removal}${secure}; SameSite=Strict`)
  }
}

function domainsOf(hostname: string): string[] {
  const labels = hostname.split('.')
  if (labels.every((label) => /^\d+$/.test(label))) return [] // an IP address
  return labels.slice(0, -1).map((_, at) => labels.slice(at).join('.'))
}

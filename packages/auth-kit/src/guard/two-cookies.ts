import type { Request, Response } from 'express'
import { sessionChallenge } from '../errors.ts'
import { droppedSessionIds } from '../session/session-cookie.ts'
import { contextOf } from './request-context.ts'
import { sendPage } from './send-page.ts'

/** Whether the visitor is not signed in only because they sent two validly signed session cookies. */
export function hasTwoCookies(req: Request): boolean {
  return droppedSessionIds(req).length > 0
}

/**
 * Ends both sessions, removes both cookies and explains it. Signing in does not help a browser that
 * keeps sending two session cookies.
 */
export async function startOver(req: Request, res: Response): Promise<void> {
  await Promise.all(droppedSessionIds(req).map((id) => endSession(req, id)))
  const { authUrl, cookieName } = contextOf(req)
  removeCookies(req, res, cookieName)
  res.status(401).set({ ...sessionChallenge, 'Cache-Control': 'no-store' })
  sendPage(res, {
    title: 'Please sign in again',
    text: `Your browser sent two different session cookies named ${cookieName}, so neither counts. Both have been removed. If this page appears again, two systems on this domain use the same cookie name: their operators can set another one with COOKIE_NAME or cookieName.`,
    link: { url: `${authUrl}login`, label: 'Sign in', isFollowed: false },
  })
}

/** Ignores errors: the session expires on its own, and no browser has its cookie any more. */
function endSession(req: Request, id: string): Promise<void> {
  return new Promise((resolve) => req.sessionStore.destroy(id, () => resolve()))
}

/** Removes the cookie of this host and of each parent domain (RFC 6265, section 5.1.3). */
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

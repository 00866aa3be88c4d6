import type { NextFunction, Request, RequestHandler, Response } from 'express'
import { cookiesNamed } from '../session/session-cookie.ts'
import { prefersHtml } from './answer-error.ts'
import { contextOf } from './request-context.ts'
import { sendPage } from './send-page.ts'

/** Ends the address of the second try, so that there is no third. */
const MARKER = 'auth-arrived=1'

/**
 * A visit through a link in an e-mail, a chat or another site arrives without the SameSite=Strict
 * cookie. Answers it once with a page that opens the same address again: that request comes from
 * this site and carries the cookie. Then removes the marker from the address (303). Recognizes such
 * visits by `Sec-Fetch-Site` (Fetch Metadata).
 *
 * The guards do this on their own. Use it for public pages that look different for signed-in users.
 *
 * @example
 * app.get('/', arriveFromElsewhere(), (req, res) => res.send(`Hello ${req.user?.username}`))
 */
export function arriveFromElsewhere(): RequestHandler {
  return function arriveFromElsewhere(req: Request, res: Response, next: NextFunction) {
    // Runs for every guarded request: the most expensive check, reading Accept, comes last.
    if (req.method !== 'GET' || !('originalUrl' in req)) return next()
    const isSecondTry = hasMarker(req)
    if (!(isSecondTry || comesFromElsewhere(req)) || !prefersHtml(req)) return next()
    if (isSecondTry) return req.user ? removeMarker(req, res) : next()
    const url = addressWithMarker(req)
    res.set('Cache-Control', 'no-store').vary('Sec-Fetch-Site')
    sendPage(res, {
      title: 'One moment',
      text: 'You followed a link from another site. The page opens automatically.',
      link: { url, label: 'Continue', isFollowed: true },
    })
  }
}

/** The path and query of this request, exactly as the browser shows them. */
export function addressWithoutMarker(req: Request): string {
  return hasMarker(req) ? ownAddress(req).slice(0, -MARKER.length - 1) : ownAddress(req)
}

function addressWithMarker(req: Request): string {
  const address = ownAddress(req)
  return `${address}${address.includes('?') ? '&' : '?'}${MARKER}`
}

function hasMarker(req: Request): boolean {
  if (!req.originalUrl.endsWith(MARKER)) return false
  return ['?', '&'].some((before) => ownAddress(req).endsWith(`${before}${MARKER}`))
}

function removeMarker(req: Request, res: Response): void {
  res.set('Cache-Control', 'no-store').redirect(303, addressWithoutMarker(req))
}

/** Strips a leading `//` and an absolute-form origin: either would lead to another host. */
function ownAddress(req: Request): string {
  const url = req.originalUrl.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?]*/i, '').replace(/^[/\\]*/, '/')
  const { basePath } = contextOf(req)
  // A proxy may strip the path of `publicUrl` or keep it.
  const isWhole = url.startsWith(basePath) && /^(?:[/?]|$)/.test(url.slice(basePath.length))
  return isWhole ? url : `${basePath}${url}`
}

function comesFromElsewhere(req: Request): boolean {
  if (req.headers['sec-fetch-site'] !== 'cross-site') return false
  // Without a mode, a request for HTML is more likely a navigation than a script.
  const mode = req.get('Sec-Fetch-Mode') ?? 'navigate'
  return mode === 'navigate' && cookiesNamed(req, contextOf(req).cookieName).length === 0
}

import type { NextFunction, Request, RequestHandler, Response } from 'express'
import { cookiesNamed } from '../session/session-cookie.ts'
import { prefersHtml } from './answer-error.ts'
import { contextOf } from './request-context.ts'
import { sendPage } from './send-page.ts'

/** At the end of the address of the second try, so that there is no third. */
const MARKER = 'auth-arrived=1'

/**
 * A link from a mail, a chat or another site arrives without the sameSite=strict cookie. Answers
 * such a visit once with a page that goes on by itself to the same address: that request comes
 * from our own page and brings the cookie. Then the marker is taken off the address again (303).
 *
 * The guards do this by themselves: it is for a page of yours that anybody may see, and that says
 * something else to users who are signed in. A visit is known by `Sec-Fetch-Site` (Fetch Metadata).
 *
 * @example
 * app.get('/', arriveFromElsewhere(), (req, res) => res.send(`Hello ${req.user?.username}`))
 */
export function arriveFromElsewhere(): RequestHandler {
  return function arriveFromElsewhere(req: Request, res: Response, next: NextFunction) {
    // Every guarded request comes here: what costs most, reading Accept, is asked last.
    if (req.method !== 'GET' || !('originalUrl' in req)) return next()
    const isSecondTry = hasMarker(req)
    if (!(isSecondTry || comesFromElsewhere(req)) || !prefersHtml(req)) return next()
    if (isSecondTry) return req.user ? removeMarker(req, res) : next()
    const url = addressWithMarker(req)
    res.set('Cache-Control', 'no-store').vary('Sec-Fetch-Site')
    sendPage(res, {
      title: 'One moment',
      text: 'You are coming from another site. The page opens by itself.',
      link: { url, label: 'Go on', goesOn: true },
    })
  }
}

/** The path and query of this request to the letter, as the visitor's browser has them. */
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

/** `//host` at the front would be another host's address, and so is one that a proxy is asked for. */
function ownAddress(req: Request): string {
  const url = req.originalUrl.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?]*/i, '').replace(/^[/\\]*/, '/')
  const { basePath } = contextOf(req)
  // A proxy in front takes the path of `publicUrl` off, or leaves it on.
  const isWhole = url.startsWith(basePath) && /^(?:[/?]|$)/.test(url.slice(basePath.length))
  return isWhole ? url : `${basePath}${url}`
}

function comesFromElsewhere(req: Request): boolean {
  if (req.headers['sec-fetch-site'] !== 'cross-site') return false
  // Without a mode, a request for HTML is likelier a visitor's than a script's.
  const mode = req.get('Sec-Fetch-Mode') ?? 'navigate'
  return mode === 'navigate' && cookiesNamed(req, contextOf(req).cookieName).length === 0
}

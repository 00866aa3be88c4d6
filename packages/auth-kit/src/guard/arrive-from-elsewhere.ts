import type { NextFunction, Request, RequestHandler, Response } from 'express'
import { cookiesNamed } from '../session/session-cookie.ts'
import { prefersHtml } from './answer-error.ts'
import { contextOf } from './request-context.ts'
import { sendPage } from './send-page.ts'

/** In the address of the second try, so that there is no third. */
const MARKER = 'arrived'

/**
 * A link from a mail, a chat or another site arrives without the sameSite=strict cookie. Answers
 * such a visit once with a page that goes on by itself to the same address: that request comes
 * from our own page and brings the cookie. Then the marker is taken off the address again.
 */
export function arriveFromElsewhere(): RequestHandler {
  return function arriveFromElsewhere(req: Request, res: Response, next: NextFunction) {
    if (req.method !== 'GET' || !prefersHtml(req)) return next()
    if (hasMarker(req)) return req.user ? res.redirect(303, addressWithoutMarker(req)) : next()
    if (!comesFromElsewhere(req)) return next()
    const url = addressWithMarker(req)
    res.set('Cache-Control', 'no-store').vary('Sec-Fetch-Site')
    sendPage(res, {
      title: 'One moment',
      text: 'You are coming from another site. The page opens by itself.',
      link: { url, label: 'Go on', goesOn: true },
    })
  }
}

/** The path and query of this request, as the visitor would type it. */
export function addressWithoutMarker(req: Request): string {
  return hasMarker(req) ? changeQuery(req, (query) => query.delete(MARKER)) : ownAddress(req)
}

function addressWithMarker(req: Request): string {
  return changeQuery(req, (query) => query.set(MARKER, '1'))
}

function hasMarker(req: Request): boolean {
  return parseAddress(req).searchParams.has(MARKER)
}

function changeQuery(req: Request, change: (query: URLSearchParams) => void): string {
  const url = parseAddress(req)
  change(url.searchParams)
  return `${url.pathname}${url.search}`
}

/** Against a base that is never used. */
function parseAddress(req: Request): URL {
  return new URL(`http://localhost${ownAddress(req)}`)
}

/** `//host` at the front would be another host's address. */
function ownAddress(req: Request): string {
  return req.originalUrl.replace(/^[/\\]+/, '/')
}

function comesFromElsewhere(req: Request): boolean {
  const isVisit =
    req.get('Sec-Fetch-Site') === 'cross-site' && req.get('Sec-Fetch-Mode') === 'navigate'
  return isVisit && cookiesNamed(req, contextOf(req).cookieName).length === 0
}

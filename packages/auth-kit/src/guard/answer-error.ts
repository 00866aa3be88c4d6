import { STATUS_CODES } from 'node:http'
import type { NextFunction, Request, Response } from 'express'
import { AuthError } from '../errors.ts'
import { contextOf } from './request-context.ts'
import { type Page, sendPage } from './send-page.ts'
import '../passport.ts'

/**
 * Answers an error of the kit: RFC 9457 problem details for programs, a small page for browsers.
 * Passes all other errors, and with `passErrors` every error, to the app's own error handler.
 */
export function answerError(
  error: unknown,
  {
    req,
    res,
    next,
    passErrors,
  }: { req: Request; res: Response; next: NextFunction; passErrors: boolean },
): void {
  // False on a WebSocket upgrade and on a server without Express.
  const canAnswer = 'vary' in res && !res.headersSent
  if (passErrors || !(error instanceof AuthError) || !canAnswer) return next(error)
  const { status, headers } = error
  res
    .status(status)
    .set({ ...headers, 'Cache-Control': 'no-store' })
    .vary('Accept')
  if (prefersHtml(req)) return sendPage(res, errorPage(error, req))
  res.type('application/problem+json')
  res.send(problemDetails(error))
}

/** The body of a refusal (RFC 9457). */
export function problemDetails({ status, code, message, extra }: AuthError): string {
  const title = STATUS_CODES[status] ?? 'Error'
  return JSON.stringify({ type: 'about:blank', title, status, code, detail: message, ...extra })
}

/** What a person reads, with a way on. */
function errorPage({ status, code, message }: AuthError, req: Request): Page {
  const { authUrl, basePath } = contextOf(req)
  const note = `${status} ${code}`
  if (status === 503) {
    const ways = [{ url: '', label: 'Try again' }]
    return { title: 'Back in a moment', text: message, ways, note }
  }
  const home = { url: `${basePath}/`, label: 'Go to the start page' }
  if (code !== 'forbidden')
    return { title: STATUS_CODES[status] ?? 'Error', text: message, ways: [home], note }
  const who = req.user ? ` You are signed in as ${req.user.username}.` : ''
  const other = { url: `${authUrl}logout`, label: 'Use another account' }
  return { title: 'You don’t have access', text: `${message}${who}`, ways: [home, other], note }
}

/** Whether a request asks for HTML, as browsers do. A client that accepts anything gets JSON. */
export function prefersHtml(req: Request): boolean {
  return 'accepts' in req && req.accepts(['json', 'html']) === 'html'
}

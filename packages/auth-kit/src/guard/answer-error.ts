import { STATUS_CODES } from 'node:http'
import type { NextFunction, Request, Response } from 'express'
import { AuthError } from '../errors.ts'
import { sendPage } from './send-page.ts'

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
  const { status, code, message, headers, extra } = error
  const title = STATUS_CODES[status] ?? 'Error'
  res
    .status(status)
    .set({ ...headers, 'Cache-Control': 'no-store' })
    .vary('Accept')
  if (prefersHtml(req)) return sendPage(res, { title, text: message })
  res.type('application/problem+json')
  res.send(JSON.stringify({ type: 'about:blank', title, status, code, detail: message, ...extra }))
}

/** Whether a request asks for HTML, as browsers do. A client that accepts anything gets JSON. */
export function prefersHtml(req: Request): boolean {
  return 'accepts' in req && req.accepts(['json', 'html']) === 'html'
}

import type { Request } from 'express'

/** Whether a client prefers HTML, as browsers do. A client that accepts anything gets JSON. */
export function prefersHtml(req: Request): boolean {
  return req.accepts(['json', 'html']) === 'html'
}

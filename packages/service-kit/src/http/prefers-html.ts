import type { Request } from 'express'

/** A browser asks for HTML; a program, or one that takes anything, gets JSON. */
export function prefersHtml(req: Request): boolean {
  return req.accepts(['json', 'html']) === 'html'
}

import type { Request } from 'express'

/** Where something was done from, for the notice that tells of it. */
export function noticeFacts(req: Request): Record<string, string> {
  return req.ip === undefined ? {} : { address: req.ip }
}

import type { Request } from 'express'

/** Ends the session of this request for good. */
export function endSession(req: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.destroy((error?: unknown) => (error ? reject(error) : resolve()))
  })
}

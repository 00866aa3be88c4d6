import type { ErrorRequestHandler, Request } from 'express'
import type { Audit } from './create-audit.ts'

/**
 * Records requests that were refused because another site sent them or the user lacks the role. Mount it
 * after everything that refuses requests.
 */
export function auditRefusedRequests({ audit }: { audit: Audit }): ErrorRequestHandler {
  return function auditRefusedRequests(error: unknown, req, _res, next) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    const endpoint = `${req.method} ${req.path}`
    if (code === 'foreign_origin')
      audit.foreignOriginRefused(req, { endpoint, origin: originOf(req) })
    if (code === 'forbidden' && req.user) audit.accessRefused(req, { user: req.user, endpoint })
    next(error)
  }
}

function originOf({ headers }: Request): string {
  return headers.origin ?? 'cross-site'
}

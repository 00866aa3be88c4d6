import type { ErrorRequestHandler, Request } from 'express'
import type { Audit } from './create-audit.ts'

/**
 * Tells the audit log which requests were refused because another site made them, or because the user
 * may not do that. Mount it behind everything that refuses.
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

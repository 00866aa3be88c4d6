import type { SessionStore } from 'auth-kit/session'
import type { RequestHandler } from 'express'
import { limitAttempts } from '../http/limit-attempts.ts'
import type { WebDeps } from '../http/web-deps.ts'

/**
 * Limits how many sessions of visitors each network address begins, so that nobody fills Redis with them.
 * For routes that store something for a visitor. Requests that bring a session are not counted.
 */
export function limitVisitors(
  deps: Pick<WebDeps, 'config' | 'redis' | 'keyPrefix'> & { store: SessionStore },
): RequestHandler {
  const limit = deps.config.limitVisitorsPerAddress
  const count = limitAttempts(deps, { name: 'visitor-address', limit })
  return function limitVisitors(req, res, next) {
    return deps.store.isStored(req.session) ? next() : count(req, res, next)
  }
}

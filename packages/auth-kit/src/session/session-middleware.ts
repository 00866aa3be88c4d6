import type { NextFunction, Request, RequestHandler, Response } from 'express'
import {
  requestSessions,
  type RequestSessions,
  type SessionMiddlewareOptions,
} from './request-sessions.ts'
import { SessionStore } from './session-store.ts'

/**
 * The session of each request, an express-session `Session` over our store.
 *
 * When Redis does not answer, the request fails with 503 (`next(error)`), and never goes on as
 * though nobody were signed in. What a handler changed is stored before its answer goes out, so
 * that an answer is never a promise that was not kept.
 *
 * On a WebSocket upgrade, `session(request, {}, next)`, the session is read and nothing is stored.
 *
 * @example
 * app.use(session({ store: createSessionStore({ redis }), secrets, publicUrl }))
 *
 * @throws TypeError at once, when an option is wrong
 */
export function session(options: SessionMiddlewareOptions): RequestHandler {
  return loadSessions(requestSessions(options))
}

/** The middleware itself, for `authKit`. */
export function loadSessions(sessions: RequestSessions): RequestHandler {
  return function session(req: Request, res: Response, next: NextFunction) {
    const problem = sessions.problemOf(req)
    if (problem) return next(problem)
    if (req.session) return next(madeElsewhere(req))
    const id = sessions.idOf(req)
    const loading = id === undefined ? Promise.resolve(null) : sessions.store.getSession(id)
    loading
      .then((session) => sessions.open({ req, res, next }, { id, session }))
      .then(() => next(), next)
  }
}

/** Mounted twice it does its work once; what another middleware made is never taken for ours. */
function madeElsewhere(req: Request): TypeError | undefined {
  if (req.sessionStore instanceof SessionStore) return undefined
  return new TypeError(
    'auth-kit: `req.session` exists already, made by other middleware in front (cookie-session, ' +
      'express-session, a mock?). Remove that, or give it another property.',
  )
}

import type { NextFunction, Request, RequestHandler, Response } from 'express'
import {
  requestSessions,
  type RequestSessions,
  type SessionMiddlewareOptions,
} from './request-sessions.ts'
import { SessionStore } from './session-store.ts'

/**
 * Gives each request its session, an express-session `Session` backed by the kit's store.
 *
 * While Redis is down, requests fail with 503 (`next(error)`); they never continue as signed out. A
 * handler's changes are stored before its answer goes out.
 *
 * On a WebSocket upgrade, `session(request, {}, next)` reads the session and stores nothing.
 *
 * @example
 * app.use(session({ store: createSessionStore({ redis }), secrets, publicUrl }))
 *
 * @throws TypeError immediately, if an option is invalid
 */
export function session(options: SessionMiddlewareOptions): RequestHandler {
  return loadSessions(requestSessions(options))
}

/** The middleware, for `authKit`. */
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

/** An error unless the session is the kit's own. If it is mounted twice, the second one does nothing. */
function madeElsewhere(req: Request): TypeError | undefined {
  if (req.sessionStore instanceof SessionStore) return undefined
  return new TypeError(
    'auth-kit: `req.session` already exists, set by earlier middleware (cookie-session, ' +
      'express-session, a mock?). Remove that middleware, or make it use another property.',
  )
}

import type { NextFunction, Request, RequestHandler, Response } from 'express'
import expressSession from 'express-session'
import { noPath, sessionsUnavailable } from '../errors.ts'
import {
  dropAmbiguousCookie,
  isSecure,
  sessionCookieAttributes,
  sessionCookieName,
  type CookieOptions,
} from './session-cookie.ts'
import { saveBeforeAnswer } from './save-before-answer.ts'
import type { SessionStore } from './session-store.ts'
import { usualDays } from './usual-days.ts'

export type SessionMiddlewareOptions = CookieOptions & {
  store: SessionStore
  /** The first signs, all verify: that is how secrets rotate. */
  secrets: readonly string[]
  /** Days a cookie stays in the browser after the session was last used. */
  idleDays?: number | undefined
}

/**
 * The session of each request, by express-session over our store.
 *
 * When Redis does not answer, the request fails with 503 (`next(error)`), and never goes on as
 * though nobody were signed in. What a handler changed is stored before its answer goes out, so
 * that an answer is never a promise that was not kept.
 *
 * @example
 * app.use(session({ store: createSessionStore({ redis }), secrets, publicUrl }))
 *
 * @throws TypeError at once, when an option is wrong
 */
export function session(options: SessionMiddlewareOptions): RequestHandler {
  const { store, secrets, idleDays = usualDays.idle } = options
  if (secrets.length === 0 || secrets.some((secret) => secret === '')) {
    throw new TypeError('session: `secrets` needs at least one secret, and none may be empty')
  }
  const name = sessionCookieName(options)
  const secure = isSecure(options)
  const attributes = sessionCookieAttributes(options)
  const load = expressSession({
    name,
    store,
    secret: [...secrets],
    resave: false,
    saveUninitialized: false,
    cookie: { ...attributes, maxAge: idleDays * 86_400_000 },
  })

  return function session(req: Request, res: Response, next: NextFunction) {
    // `GET *`: a target without a path, which express-session passes by.
    if (req.originalUrl === '*') return next(noPath())
    dropAmbiguousCookie(req, name)
    if (secure) trustScheme(req)
    load(req, res, (error?: unknown) => {
      if (error !== undefined) return next(error)
      // express-session goes on without a session when a store says it is disconnected.
      if (req.session === undefined) return next(sessionsUnavailable())
      // A session that a stock app made brings that app's flags along.
      Object.assign(req.session.cookie, { domain: undefined, ...attributes })
      saveBeforeAnswer(req, res, { store, next })
      return next()
    })
  }
}

/**
 * The address this app is configured with is https: whether the last hop was is the proxy's
 * affair. Without this, express-session would silently leave the cookie out behind a proxy.
 */
function trustScheme(req: Request): void {
  Object.defineProperty(req, 'secure', { configurable: true, value: true })
}

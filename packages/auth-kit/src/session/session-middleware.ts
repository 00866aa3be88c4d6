import type { NextFunction, Request, RequestHandler, Response } from 'express'
import { noPath, sessionsUnavailable } from '../errors.ts'
import { saveBeforeAnswer } from './save-before-answer.ts'
import {
  isSecure,
  readSessionId,
  sessionCookieAttributes,
  sessionCookieName,
  type CookieOptions,
} from './session-cookie.ts'
import { SessionStore } from './session-store.ts'
import { startSessionsWith } from './start-sessions.ts'
import { usualDays } from './usual-days.ts'
import { writeSessionCookie } from './write-session-cookie.ts'

export type SessionMiddlewareOptions = CookieOptions & {
  store: SessionStore
  /** The first signs, all verify: that is how secrets rotate. */
  secrets: readonly string[]
  /** Days a cookie stays in the browser after the session was last used. */
  idleDays?: number | undefined
}

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
  const { store, secrets, idleDays = usualDays.idle } = options
  const [secret] = secrets
  if (secret === undefined || secrets.includes('')) {
    throw new TypeError('session: `secrets` needs at least one secret, and none may be empty')
  }
  const name = sessionCookieName(options)
  const cookie = { name, secret, secure: isSecure(options) }
  const attributes = sessionCookieAttributes(options)
  startSessionsWith(store, { ...attributes, maxAge: idleDays * 86_400_000 })
  const isConnected = watchConnection(store)

  return function session(req: Request, res: Response, next: NextFunction) {
    // `GET *`: a target without a path.
    if (req.originalUrl === '*') return next(noPath())
    if (req.session) return next(madeElsewhere(req))
    if (!isConnected()) return next(sessionsUnavailable())
    const id = readSessionId(req, name, secrets)
    loadSession(req, store, id).then(() => {
      // A session that a stock app made brings that app's flags along.
      Object.assign(req.session.cookie, { domain: undefined, ...attributes })
      const loaded = { id, version: store.versionOf(req.session) }
      const onHead = () => writeSessionCookie(req, res, { ...cookie, store, loaded })
      // A WebSocket upgrade has no answer.
      if ('headersSent' in res) saveBeforeAnswer(req, res, { store, next, onHead })
      next()
    }, next)
  }
}

async function loadSession(
  req: Request,
  store: SessionStore,
  id: string | undefined,
): Promise<void> {
  Object.assign(req, { sessionStore: store })
  const session = id === undefined ? null : await store.getSession(id)
  if (id === undefined || session === null) return store.generate(req)
  req.sessionID = id
  store.createSession(req, session)
}

/** A cache of one's own may say, by the store, that it is disconnected. */
function watchConnection(store: SessionStore): () => boolean {
  let isConnected = true
  store.on('disconnect', () => (isConnected = false))
  store.on('connect', () => (isConnected = true))
  return () => isConnected
}

/** Mounted twice it does its work once; what another middleware made is never taken for ours. */
function madeElsewhere(req: Request): TypeError | undefined {
  if (req.sessionStore instanceof SessionStore) return undefined
  return new TypeError(
    'auth-kit: `req.session` exists already, made by other middleware in front (cookie-session, ' +
      'express-session, a mock?). Remove that, or give it another property.',
  )
}

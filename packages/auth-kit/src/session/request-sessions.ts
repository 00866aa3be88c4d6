import type { NextFunction, Request, Response } from 'express'
import type { SessionData } from 'express-session'
import { noPath, sessionsUnavailable } from '../errors.ts'
import { sessionIdReader } from './known-cookies.ts'
import { saveBeforeAnswer } from './save-before-answer.ts'
import {
  isSecure,
  sessionCookieAttributes,
  sessionCookieName,
  type CookieOptions,
} from './session-cookie.ts'
import type { SessionStore } from './session-store.ts'
import { startSessionsWith } from './start-sessions.ts'
import { defaultDays } from './session-defaults.ts'
import { writeSessionCookie } from './write-session-cookie.ts'

export type SessionMiddlewareOptions = CookieOptions & {
  store: SessionStore
  /** The first one signs, all verify. Rotate secrets by adding a new one in front, also in place. */
  secrets: readonly string[]
  /** Days that the cookie stays in the browser after the last use. */
  idleDays?: number | undefined
}

/** The session that a request's cookie names. Without one, a new session starts. */
type Found = { id: string | undefined; session: SessionData | null }

export type RequestSessions = ReturnType<typeof requestSessions>

/**
 * The steps from a request to its session, for `session` and for `lazySessions`.
 *
 * @throws TypeError immediately, if an option is invalid
 */
export function requestSessions(options: SessionMiddlewareOptions) {
  const { store, secrets, idleDays = defaultDays.idle } = options
  const [secret] = secrets
  if (secret === undefined || secrets.includes('')) {
    throw new TypeError('`secrets` needs at least one secret, and none may be empty')
  }
  const name = sessionCookieName(options)
  const cookie = { name, secure: isSecure(options) }
  const attributes = sessionCookieAttributes(options)
  startSessionsWith(store, { ...attributes, maxAge: idleDays * 86_400_000 })
  const isConnected = watchConnection(store)

  return {
    store,
    idOf: sessionIdReader(name, secrets),

    /** Why this request cannot have a session, or undefined. */
    problemOf(req: Request): Error | undefined {
      // `GET *`: a target without a path.
      if (req.originalUrl === '*') return noPath()
      return isConnected() ? undefined : sessionsUnavailable()
    },

    /** Sets `req.session`, and makes sure that its changes are stored before the answer goes out. */
    open(
      { req, res, next }: { req: Request; res: Response; next: NextFunction },
      { id, session }: Found,
    ): void {
      Object.assign(req, { sessionStore: store })
      if (id === undefined || session === null) store.generate(req)
      else {
        req.sessionID = id
        store.createSession(req, session)
      }
      // A session created by a stock app has that app's flags.
      Object.assign(req.session.cookie, { domain: undefined, ...attributes })
      const loaded = { id, version: store.versionOf(req.session) }
      const onHead = () =>
        writeSessionCookie(req, res, { ...cookie, secret: secrets[0] ?? secret, store, loaded })
      // A WebSocket upgrade has no response.
      if ('headersSent' in res) saveBeforeAnswer(req, res, { store, next, onHead })
    },
  }
}

/** A custom cache can emit "disconnect" and "connect" on the store. */
function watchConnection(store: SessionStore): () => boolean {
  let isConnected = true
  store.on('disconnect', () => (isConnected = false))
  store.on('connect', () => (isConnected = true))
  return () => isConnected
}

import type { NextFunction, Request, RequestHandler, Response } from 'express'
import passport from 'passport'
import { answerError } from './guard/answer-error.ts'
import { upgradeGuard, type UpgradeGuard } from './guard/guard-upgrade.ts'
import { setContext } from './guard/request-context.ts'
import { hasRole, loggedIn, signedInWith, signedInWithin } from './logged-in.ts'
import { deserializeUser, serializeUser } from './passport.ts'
import { createSessionStore, type SessionStoreOptions } from './session/create-session-store.ts'
import { describeSessions, type SessionsDescription } from './session/describe-sessions.ts'
import { sessionCookieName, type CookieOptions } from './session/session-cookie.ts'
import { lazySessions } from './session/lazy-session.ts'
import { requestSessions } from './session/request-sessions.ts'
import { loadSessions } from './session/session-middleware.ts'
import { sessionEnds } from './session/session-ends.ts'
import type { SessionStore } from './session/session-store.ts'

export { AuthError, type AuthErrorCode } from './errors.ts'
export type { PublicUser } from './public-user.ts'

export type AuthKitOptions = SessionStoreOptions &
  CookieOptions & {
    /** The auth server's session secrets. The first one signs (HMAC-SHA-256), all verify. The array may change in place. */
    secrets: readonly string[]
    /** The auth server's URL, or its path if it is on the same host. `/` */
    authUrl?: string | undefined
    /** Pass errors (401, 403, 503) to the app's own error handler instead of answering them. */
    passErrors?: boolean | undefined
    /** Your own Passport instance, with your own strategies. */
    passport?: passport.Authenticator | undefined
  }

/** The middleware, with the guards and the store as properties. */
export type AuthKit = RequestHandler & {
  loggedIn: typeof loggedIn
  hasRole: typeof hasRole
  signedInWithin: typeof signedInWithin
  signedInWith: typeof signedInWith
  /** The sessions, for example to list or end those of a user. */
  store: SessionStore
  /**
   * The settings that two servers must share, for `doctor` to compare. Reveals no secret, but serve
   * it only inside your own network.
   *
   * @param nonce chosen by the caller, the same for all servers to compare
   */
  describe: (nonce: string) => Promise<SessionsDescription>
  /**
   * Guards a WebSocket upgrade: calls `next` for a signed-in user. Others get their answer on the
   * socket: 401, or 503 while Redis is down.
   *
   * @example
   * server.on('upgrade', (req, socket, head) => auth.upgrade(req, socket, () => accept(req, socket, head)))
   */
  upgrade: UpgradeGuard
  /**
   * Calls back once, within a second, when the session ends on any server: by sign-out, with all
   * sessions of the user, or because it expires. Calls back at once if it has already ended. While
   * Redis is down, no session counts as ended.
   *
   * @param of a request that passed through the kit, or its session
   * @returns a function that stops watching; call it when the socket closes
   * @throws TypeError if there is no session
   */
  onSessionEnd: (of: object, callback: () => void) => () => void
  /** Stops `onSessionEnd` and closes the kit's own connections. Your Redis client stays open. */
  close: () => void
}

/**
 * The whole chain for an Express app: the session, Passport, and what the guards need. After it,
 * `req.session` is the session and `req.user` the signed-in user stored in it.
 *
 * While Redis is down, requests get 503 `sessions_unavailable` within 250 ms: problem details
 * (RFC 9457) for programs, a page for browsers. With `passErrors` the app's own error handler answers.
 *
 * @example
 * const auth = authKit({ redis, secrets, publicUrl: 'https://shop.example', authUrl: '/auth/' })
 * app.use(auth)
 * app.get('/me', auth.loggedIn(), (req, res) => res.json({ user: req.user }))
 *
 * @throws TypeError immediately, if an option is invalid
 */
export function authKit(options: AuthKitOptions): AuthKit {
  const store = createSessionStore(options)
  const authenticator = options.passport ?? new passport.Passport()
  authenticator.serializeUser(serializeUser)
  authenticator.deserializeUser(deserializeUser)
  const sessions = requestSessions({ ...options, store })
  const steps = [loadSessions(sessions), authenticator.session()]
  const context = contextFrom(options)
  const { passErrors } = context
  const takeIn = lazySessions({
    sessions,
    complete: authenticator.session(),
    fail: (error, request) => answerError(error, { ...request, passErrors }),
  })

  function authKit(req: Request, res: Response, next: NextFunction) {
    setContext(req, context)
    if (readsUserPlainly(authenticator, req) && takeIn(req, res, next)) return next()
    runSteps(steps, req, res, (error) => {
      if (error === undefined) return next()
      return answerError(error, { req, res, next, passErrors })
    })
  }
  const describe = async (nonce: string): Promise<SessionsDescription> => ({
    ...(await describeSessions(options, nonce)),
    cache: store.cacheStats()?.state ?? 'off',
  })
  const ends = sessionEnds(store)
  return Object.assign(authKit, {
    loggedIn,
    hasRole,
    signedInWithin,
    signedInWith,
    store,
    describe,
    upgrade: upgradeGuard([authKit, loggedIn()]),
    onSessionEnd: (of: object, callback: () => void) => ends.watch(sessionIdOf(of), callback),
    close() {
      ends.close()
      store.close()
    },
  })
}

/** The session id of a request or of a session. */
function sessionIdOf(of: object): string {
  const id: unknown = Reflect.get(of, 'sessionID') ?? Reflect.get(of, 'id')
  if (typeof id === 'string') return id
  throw new TypeError('onSessionEnd: needs a request that passed through the kit, or its session')
}

/** False if the app's own Passport deserializes users differently or sets another property. */
function readsUserPlainly(authenticator: passport.Authenticator, req: Request): boolean {
  const deserializers: unknown = Reflect.get(authenticator, '_deserializers')
  const isOurs = Array.isArray(deserializers) && deserializers[0] === deserializeUser
  return isOurs && Reflect.get(req, '_userProperty') === undefined
}

function contextFrom(options: AuthKitOptions) {
  const { authUrl = '/', publicUrl, passErrors = false } = options
  const ownUrl = publicUrl === undefined ? undefined : new URL(publicUrl)
  return {
    authUrl: authUrl.endsWith('/') ? authUrl : `${authUrl}/`,
    origin: ownUrl?.origin,
    basePath: ownUrl?.pathname.replace(/\/+$/, '') ?? '',
    cookieName: sessionCookieName(options),
    passErrors,
  }
}

function runSteps(
  [step, ...rest]: RequestHandler[],
  req: Request,
  res: Response,
  done: (error?: unknown) => void,
): void {
  if (!step) return done()
  step(req, res, (error?: unknown) =>
    error === undefined ? runSteps(rest, req, res, done) : done(error),
  )
}

import { IncomingMessage } from 'node:http'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import type { PublicUser } from '../public-user.ts'
import type { HotSession } from './hot-session.ts'
import type { RequestSessions } from './request-sessions.ts'

/** On a request: its session, not built yet. */
const LAZY: unique symbol = Symbol('lazy session')
/** On the prototype of an app's requests: the accessors are defined. */
const IS_PREPARED: unique symbol = Symbol('prepared for lazy sessions')

type LazySession = {
  id: string
  hot: HotSession
  res: Response
  next: NextFunction
  open: (req: Request, lazy: LazySession) => void
  /** The object that `req.user` returned. */
  user: PublicUser | undefined
}

declare global {
  // eslint-disable-next-line typescript/no-namespace -- how @types/express is extended
  namespace Express {
    interface Request {
      [LAZY]?: LazySession | undefined
      readonly [IS_PREPARED]?: true
    }
  }
}

/**
 * Accepts a request whose session is cached and needs no write, without building the session: most
 * routes only read `req.user`, or nothing. The first access to `req.session` or to Passport's methods
 * builds the session that the request came with.
 *
 * The properties are accessors on the prototype of the app's requests. Defining them on each request
 * would cost more than everything else here.
 *
 * @param complete Passport's step, run once the session is built
 * @param fail answers errors that occur from then on
 * @returns a step that returns whether it accepted the request; if not, use the normal chain
 */
export function lazySessions({
  sessions,
  complete,
  fail,
}: {
  sessions: RequestSessions
  complete: RequestHandler
  fail: (error: unknown, request: { req: Request; res: Response; next: NextFunction }) => void
}): (req: Request, res: Response, next: NextFunction) => boolean {
  const { store } = sessions

  function open(req: Request, { id, hot, res, next, user }: LazySession): void {
    const given = Object.getOwnPropertyDescriptor(req, 'user')
    const failed = (error?: unknown) =>
      error === undefined ? undefined : fail(error, { req, res, next })
    sessions.open({ req, res, next: failed }, { id, session: store.open(hot) })
    complete(req, res, failed)
    // Keeps the user that the app set, or the object that it has already read.
    if (given) Object.defineProperty(req, 'user', given)
    else if (user) req.user = user
  }

  return function takeIn(req, res, next) {
    if (req[IS_PREPARED] !== true && !prepare(req)) return false
    // If it is mounted twice, the second one does nothing.
    if (req[LAZY] !== undefined) return req[LAZY].open === open
    if (req.session || !('headersSent' in res)) return false
    const id = sessions.idOf(req)
    const hot = id === undefined ? undefined : store.peek(id)
    if (id === undefined || hot === undefined || sessions.problemOf(req)) return false
    req[LAZY] = { id, hot, res, next, open, user: undefined }
    return true
  }
}

function build(req: Request): void {
  const lazy = req[LAZY]
  if (lazy === undefined) return
  req[LAZY] = undefined
  lazy.open(req, lazy)
}

/** An accessor that builds the session on first access. Undefined without a session. */
function built(name: string): PropertyDescriptor {
  return accessor(name, (req) => {
    if (req[LAZY] === undefined) return undefined
    build(req)
    return Object.hasOwn(req, name) ? Reflect.get(req, name) : undefined
  })
}

function accessor(name: string, read: (req: Request) => unknown): PropertyDescriptor {
  return {
    configurable: true,
    get(this: Request) {
      return read(this)
    },
    set(this: Request, value: unknown) {
      // Builds the session before it is replaced.
      if (name !== 'user') build(this)
      define(this, name, value)
    },
  }
}

function define(req: Request, name: string, value: unknown): void {
  Object.defineProperty(req, name, {
    value,
    configurable: true,
    enumerable: true,
    writable: true,
  })
}

/** A copy for each request, so that a route's changes do not affect others. */
function userOf(req: Request): PublicUser | undefined {
  const lazy = req[LAZY]
  if (!lazy?.hot.user) return undefined
  lazy.user ??= { ...lazy.hot.user, roles: [...lazy.hot.user.roles] }
  return lazy.user
}

function isAuthenticated(this: Request): boolean {
  return Boolean(this.user)
}

function isUnauthenticated(this: Request): boolean {
  return !this.user
}

const BUILT = ['session', 'sessionStore', 'login', 'logIn', 'logout', 'logOut', '_sessionManager']

const properties: PropertyDescriptorMap = {
  ...Object.fromEntries(BUILT.map((name) => [name, built(name)])),
  sessionID: accessor('sessionID', (req) => req[LAZY]?.id),
  user: accessor('user', userOf),
  isAuthenticated: accessor('isAuthenticated', (req) => req[LAZY] && isAuthenticated),
  isUnauthenticated: accessor('isUnauthenticated', (req) => req[LAZY] && isUnauthenticated),
  [IS_PREPARED]: { value: true },
}

/** Defines the accessors for the outermost Express app of this request. False without an app. */
function prepare(req: Request): boolean {
  for (let object: unknown = req; ;) {
    const prototype: unknown = Object.getPrototypeOf(object)
    const parent: unknown = prototype && Object.getPrototypeOf(prototype)
    if (!parent) return false
    // An app's requests inherit from Express's, which inherit from Node's.
    if (Object.getPrototypeOf(parent) === IncomingMessage.prototype) {
      Object.defineProperties(prototype, properties)
      return true
    }
    object = prototype
  }
}

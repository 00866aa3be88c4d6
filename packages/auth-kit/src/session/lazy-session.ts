import { IncomingMessage } from 'node:http'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import type { PublicUser } from '../public-user.ts'
import type { HotSession } from './hot-session.ts'
import type { RequestSessions } from './request-sessions.ts'

/** On a request: the session that it has and that nobody has asked for yet. */
const LAZY: unique symbol = Symbol('lazy session')
/** On the prototype of an app's requests. */
const IS_PREPARED: unique symbol = Symbol('prepared for lazy sessions')

type LazySession = {
  id: string
  hot: HotSession
  res: Response
  next: NextFunction
  open: (req: Request, lazy: LazySession) => void
  /** What `req.user` gave. */
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
 * Takes in a request whose session is in memory and needs nothing written, without building the
 * session: most routes ask for the user alone, or for nothing. `req.user` is the session's; with the
 * first look at `req.session` or at Passport's methods the request becomes what it would have been
 * anyway, from the very session it came with.
 *
 * The properties are accessors on the prototype of the app's requests: defining them on each request
 * would cost more than all else here.
 *
 * @param complete Passport's part, once there is a session
 * @param fail answers what goes wrong from then on
 * @returns a step that says whether the request was taken in; else it goes the usual way
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
    // What the app put there, or was given, stays.
    if (given) Object.defineProperty(req, 'user', given)
    else if (user) req.user = user
  }

  return function takeIn(req, res, next) {
    if (req[IS_PREPARED] !== true && !prepare(req)) return false
    // Mounted twice it does its work once.
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

/** Asked for, it builds the session; before and without one it is not there. */
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
      // Whoever replaces the session replaces one that is there.
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

/** An object of its own for each request: what a route does to it reaches nobody else. */
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

/** Prepares the requests of the outermost Express app that this one came to; false without one. */
function prepare(req: Request): boolean {
  for (let object: unknown = req; ;) {
    const prototype: unknown = Object.getPrototypeOf(object)
    const parent: unknown = prototype && Object.getPrototypeOf(prototype)
    if (!parent) return false
    // An app's requests inherit from Express's, and those from Node's.
    if (Object.getPrototypeOf(parent) === IncomingMessage.prototype) {
      Object.defineProperties(prototype, properties)
      return true
    }
    object = prototype
  }
}

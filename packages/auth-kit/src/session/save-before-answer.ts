import type { NextFunction, Request, Response } from 'express'
import { sessionEnded } from '../errors.ts'
import { delayAnswer } from './delay-answer.ts'
import type { SessionStore } from './session-store.ts'

/** Headers of the delayed answer, to remove before another one takes its place. */
const HEADERS_OF_AN_ANSWER = [
  'Cache-Control',
  'Content-Disposition',
  'Content-Encoding',
  'Content-Language',
  'Content-Length',
  'Content-Range',
  'Content-Type',
  'ETag',
  'Expires',
  'Last-Modified',
  'Location',
]

/**
 * Stores the handler's changes before the first byte of the answer, and changes made while streaming
 * before the last one. If that fails, the answer does not go out.
 *
 * Drops a session that has ended meanwhile, so that its cookie does not overwrite the cookie of a newer
 * sign-in.
 */
export function saveBeforeAnswer(
  req: Request,
  res: Response,
  { store, next, onHead }: { store: SessionStore; next: NextFunction; onHead: () => void },
): void {
  delayAnswer(res, {
    work() {
      try {
        return hasSomethingToSave(req, store) ? save(req, store) : undefined
      } catch (error) {
        // A session that JSON cannot express. Thrown here, it would also stop the error's own answer.
        return Promise.reject(error)
      }
    },
    onHead,
    fail(error) {
      letGo(req)
      for (const header of HEADERS_OF_AN_ANSWER) res.removeHeader(header)
      next(error)
    },
    giveUp(error) {
      res.destroy()
      next(error)
    },
  })
}

/** An empty new session is not stored. */
function hasSomethingToSave({ session, sessionID }: Request, store: SessionStore): boolean {
  // An app drops the session by setting it to null, or by a session id that is not a string.
  if (session == null || typeof sessionID !== 'string') return false
  if (store.isStored(session)) return !store.isSaved(session) || store.isUseDue(session)
  return Object.keys(session).length > 1
}

async function save(req: Request, store: SessionStore): Promise<void> {
  const { session, sessionID } = req
  // Extends the cookie's own expiry, like express-session.
  session.touch()
  if (!store.isSaved(session)) {
    if (!(await store.saveSession(sessionID, session))) throw sessionEnded()
    return
  }
  // If only renewing the session fails, the request does not.
  const isAlive = await store.noteUse(sessionID, session).catch(() => true)
  if (!isAlive) letGo(req)
}

function letGo(req: Request): void {
  Reflect.deleteProperty(req, 'session')
}

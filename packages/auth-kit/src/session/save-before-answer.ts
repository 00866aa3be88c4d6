import type { NextFunction, Request, Response } from 'express'
import { sessionEnded } from '../errors.ts'
import { holdAnswer } from './hold-answer.ts'
import type { SessionStore } from './session-store.ts'

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
 * Stores what the handler changed before the answer's first byte, and what it changes while it
 * streams before the last one. An answer whose change could not be stored does not go out.
 *
 * A session that was ended meanwhile is let go, so that its cookie is not sent again over the one
 * of a newer sign-in.
 */
export function saveBeforeAnswer(
  req: Request,
  res: Response,
  { store, next, onHead }: { store: SessionStore; next: NextFunction; onHead: () => void },
): void {
  holdAnswer(res, {
    work: () => (hasSomethingToSave(req, store) ? save(req, store) : undefined),
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

/** A new session that nobody put anything in is not kept. */
function hasSomethingToSave({ session, sessionID }: Request, store: SessionStore): boolean {
  // Null, or an id that is no string: how an app says that this request has no session any more.
  if (session == null || typeof sessionID !== 'string') return false
  if (store.isStored(session)) return !store.isSaved(session) || store.isUseDue(session)
  return Object.keys(session).length > 1
}

async function save(req: Request, store: SessionStore): Promise<void> {
  const { session, sessionID } = req
  // Moves the cookie's own expiry, as express-session does.
  session.touch()
  if (!store.isSaved(session)) {
    if (!(await store.saveSession(sessionID, session))) throw sessionEnded()
    return
  }
  // That its end did not move is no reason to fail the request.
  const isAlive = await store.noteUse(sessionID, session).catch(() => true)
  if (!isAlive) letGo(req)
}

function letGo(req: Request): void {
  Reflect.deleteProperty(req, 'session')
}

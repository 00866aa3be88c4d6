import type { NextFunction, Request, Response } from 'express'
import type { SessionStore } from './session-store.ts'

const HEADERS_OF_A_BODY = [
  'Content-Disposition',
  'Content-Encoding',
  'Content-Language',
  'Content-Length',
  'Content-Range',
  'Content-Type',
  'ETag',
  'Last-Modified',
  'Location',
]

/**
 * Stores what the handler changed before the answer's first byte: express-session sends the head
 * first, and can then only cut the connection when storing fails.
 *
 * A session that was ended meanwhile is let go, so that its cookie is not sent again over the one
 * of a newer sign-in. A handler that streams its answer is left to express-session.
 */
export function saveBeforeAnswer(
  req: Request,
  res: Response,
  { store, next }: { store: SessionStore; next: NextFunction },
): void {
  const end: (...args: never[]) => Response = res.end.bind(res)
  let state: 'open' | 'saving' | 'done' = 'open'
  let answer: never[] = []

  function endAfterSave(...args: never[]): Response {
    if (state === 'done' || res.headersSent || !hasSomethingToSave(req, store)) return end(...args)
    checkChunk(args[0])
    // While it is saved, a second answer takes the first one's place, as its head did already; the
    // bare end() after many a res.json() is no answer.
    if (state === 'open' || args.length > 0) answer = args
    if (state === 'open') save(req, store).then(send, fail).catch(giveUp)
    state = 'saving'
    return res
  }

  function send(isAlive: boolean): void {
    state = 'done'
    if (!isAlive) letGo(req)
    end(...answer)
  }

  function fail(error: unknown): void {
    state = 'done'
    letGo(req)
    for (const header of HEADERS_OF_A_BODY) res.removeHeader(header)
    next(error)
  }

  /** Sending itself failed: nothing more can be said on this connection. */
  function giveUp(error: unknown): void {
    res.destroy()
    next(error)
  }
  res.end = endAfterSave
}

/** Node would throw too, but here only once the session is stored, where nobody catches it. */
function checkChunk(chunk: unknown): void {
  const isChunk = chunk == null || ['string', 'function'].includes(typeof chunk)
  if (!isChunk && !ArrayBuffer.isView(chunk)) {
    throw new TypeError('res.end() takes a string, a Buffer or a Uint8Array')
  }
}

/** A new session that nobody put anything in is not kept. */
function hasSomethingToSave(req: Request, store: SessionStore): boolean {
  // Null: how an app says that this request has no session any more.
  if (req.session == null) return false
  return store.isStored(req.session) || Object.keys(req.session).length > 1
}

async function save(req: Request, store: SessionStore): Promise<boolean> {
  // Moves the cookie's own expiry, as express-session does for every answer.
  req.session.touch()
  if (!store.isSaved(req.session)) return store.saveSession(req.sessionID, req.session)
  try {
    return await store.noteUse(req.sessionID, req.session)
  } catch {
    return true // That its end did not move is no reason to fail the request.
  }
}

function letGo(req: Request): void {
  Reflect.deleteProperty(req, 'session')
}

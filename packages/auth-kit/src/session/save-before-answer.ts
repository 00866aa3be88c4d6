import type { NextFunction, Request, Response } from 'express'
import type { SessionStore } from './session-store.ts'

const HEADERS_OF_A_BODY = ['Content-Type', 'Content-Length', 'ETag', 'Last-Modified', 'Location']

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
  let isSaving = false

  function endAfterSave(...args: never[]): Response {
    if (isSaving || res.headersSent || !hasSomethingToSave(req, store)) return end(...args)
    isSaving = true
    save(req, store).then(
      (alive) => {
        if (!alive) letGo(req)
        end(...args)
      },
      (error: unknown) => {
        letGo(req)
        for (const header of HEADERS_OF_A_BODY) res.removeHeader(header)
        next(error)
      },
    )
    return res
  }
  res.end = endAfterSave
}

/** A new session that nobody put anything in is not kept. */
function hasSomethingToSave(req: Request, store: SessionStore): boolean {
  if (req.session === undefined) return false
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

import { randomUUID } from 'node:crypto'
import { setSignIn, type RedisClient, type SessionStore } from 'auth-kit/session'
import type { PublicUser } from 'auth-kit/passport'
import type { Request } from 'express'
import type { SessionData } from 'express-session'
import { signInOvertaken } from '../http/errors.ts'
import { levelOf } from './authentication.ts'
import { hasEndedLately } from './end-sign-ins.ts'
import { deviceOf } from '../http/request-device.ts'
import { endSession } from './end-session.ts'

type Deps = {
  config: { keepOnSignIn: string[] }
  store: SessionStore
  redis: RedisClient
  keyPrefix: string
}

/** A user, and their epoch as it was before they were looked at. */
type Looked = {
  user: PublicUser
  epoch: string | null
  /** How the user proved who they are (RFC 8176). */
  amr: string[]
  /** When that was, ms since 1970: now, unless told otherwise. */
  signedInAt?: number
}

/**
 * Signs the user in: a session with a new id, the old one ended for good (session fixation, OWASP
 * ASVS 7.2.4). The same user signing in again keeps what the session held and the sign-in it
 * belongs to.
 *
 * @throws Problem `sign_in_overtaken` when all sessions of the user were ended meanwhile, or that
 *   sign-in was
 */
export async function startSession(
  deps: Deps,
  req: Request,
  { user, epoch, amr, signedInAt = Date.now() }: Looked,
): Promise<void> {
  const kept = contentToKeep(deps, req, user)
  const known = req.user?.id === user.id ? req.session.authKit?.signIn?.id : undefined
  const signIn = { id: known ?? randomUUID(), at: signedInAt, acr: levelOf(amr), amr }
  try {
    await logIn(req, user)
    Object.assign(req.session, kept, { device: deviceOf(req) })
    setSignIn(req.session, signIn)
    if ((await deps.store.readEpoch(user.id)) !== epoch) throw signInOvertaken()
    if (known !== undefined && !(await goesOn(deps, req, known))) throw signInOvertaken()
  } catch (error) {
    // Else the answer, an error now, would store the session that was not to be.
    await endSession(req).catch(() => undefined)
    throw error
  }
}

/**
 * Whether a sign-in goes on with this session. The session is stored as part of it first: whoever
 * ends the sign-in later finds it, and whoever ended it before has said so.
 */
async function goesOn(deps: Deps, { sessionID, session }: Request, id: string): Promise<boolean> {
  const isStored = await deps.store.saveSession(sessionID, session)
  return isStored && !(await hasEndedLately(deps, id))
}

function contentToKeep({ config }: Deps, req: Request, user: PublicUser): Partial<SessionData> {
  if (req.user?.id === user.id) return contentOfOwnSession(req)
  if (req.user) return {} // somebody else's
  const content = Object.entries(req.session)
  return Object.fromEntries(content.filter(([field]) => config.keepOnSignIn.includes(field)))
}

function contentOfOwnSession(req: Request): Partial<SessionData> {
  const { cookie, passport, authKit, ...content } = req.session
  return content
}

/** Passport makes the new session id and stores the session. */
function logIn(req: Request, user: PublicUser): Promise<void> {
  return new Promise((resolve, reject) => {
    req.logIn(user, (error?: unknown) => (error ? reject(error) : resolve()))
  })
}

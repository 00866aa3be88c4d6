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
  store: SessionStore
  redis: RedisClient
  keyPrefix: string
}

/** A verified user, and their epoch from before they were looked up. */
type Verified = {
  user: PublicUser
  epoch: string | null
  /** The methods that verified the user (RFC 8176). */
  amr: string[]
  /** When, in ms since 1970; by default now. */
  signedInAt?: number
}

/**
 * Signs the user in: creates a session with a new id and ends the old one for good (session fixation,
 * OWASP ASVS 7.2.4). The same user keeps the content of the old session and its SSO session.
 *
 * @throws Problem `sign_in_overtaken` if all sessions of the user, or this SSO session, have ended
 *   meanwhile
 */
export async function startSession(
  deps: Deps,
  req: Request,
  { user, epoch, amr, signedInAt = Date.now() }: Verified,
): Promise<void> {
  const earlier = req.session
  const known = req.user?.id === user.id ? req.session.authKit?.signIn?.id : undefined
  const id = known ?? randomUUID()
  const signIn = { id, at: signedInAt, acr: levelOf(amr), amr, device: deviceOf(req) }
  try {
    await logIn(req, user)
    Object.assign(req.session, ownContent(earlier, user))
    setSignIn(req.session, signIn)
    if ((await deps.store.readEpoch(user.id)) !== epoch) throw signInOvertaken()
    if (known !== undefined && !(await goesOn(deps, req, known))) throw signInOvertaken()
  } catch (error) {
    // Otherwise, the error response would store the refused session.
    await endSession(req).catch(() => undefined)
    throw error
  }
}

/**
 * Whether an SSO session continues with this session. Stores the session first: a later end of the SSO
 * session finds it, and an earlier end is noted.
 */
async function goesOn(deps: Deps, { sessionID, session }: Request, id: string): Promise<boolean> {
  const isStored = await deps.store.saveSession(sessionID, session)
  return isStored && !(await hasEndedLately(deps, id))
}

/** What the session held when it ended, if it was the user's own. A visitor's is kept by the store. */
function ownContent(
  { cookie, passport, authKit, ...content }: SessionData,
  user: PublicUser,
): Partial<SessionData> {
  return passport?.user?.id === user.id ? content : {}
}

/** Passport ends the old session, creates the new id and stores the session. */
function logIn(req: Request, user: PublicUser): Promise<void> {
  return new Promise((resolve, reject) => {
    req.logIn(user, (error?: unknown) => (error ? reject(error) : resolve()))
  })
}

import type { Request } from 'express'
import type { SessionData } from 'express-session'
import type { AuditSource } from '../audit/build-audit-record.ts'
import type { SessionDeps } from './session-deps.ts'
import { endNotedSignIn, noteSignInToEnd } from './end-sign-ins.ts'
import { runningByClients } from './list-sessions.ts'
import { successorOf } from './take-over-session.ts'

type EndDeps = Pick<SessionDeps, 'store' | 'signIns' | 'redis' | 'keyPrefix' | 'logger'>

/** The user and SSO session of a session; undefined for a visitor. */
type OwnSignIn = { userId: string | undefined; signInId: string | undefined }

/** Ends the session of this request, if any, and every token of its SSO session. */
export async function endOwnSession(deps: SessionDeps, req: Request): Promise<void> {
  if (!deps.store.isStored(req.session)) return
  await endWithSignIn(deps, signInOf(req.session), () => endSession(req))
}

/** Ends another session in the same way, and the one that replaced it a moment ago. */
export async function endStoredSession(deps: SessionDeps, id: string): Promise<void> {
  const session = await deps.store.getSession(id)
  if (session) await endWithSignIn(deps, signInOf(session), () => deps.store.deleteSession(id))
  const successor = await successorOf(deps, id)
  if (successor) await endWithSignIn(deps, successor)
}

/** Ends a listed session by the id shown there, its SSO session's. @returns false if there is none */
export async function endListedSession(
  deps: EndDeps & Pick<SessionDeps, 'audit'>,
  user: { id: string; username: string },
  { id: signInId, from }: { id: string; from: AuditSource },
): Promise<boolean> {
  const own = { userId: user.id, signInId }
  const [found, byClient] = await Promise.all([
    sessionsOf(deps, own),
    runningByClients(deps.signIns, user.id)
      .where({ _id: { $eq: signInId } })
      .countDocuments(),
  ])
  if (found.length === 0 && byClient === 0) return false
  await endWithSignIn(deps, own)
  deps.audit.sessionsEnded(from, { user, sessions: 'one' })
  return true
}

/** Runs `replaceIt`; if the old session was another account's, also ends its SSO session's tokens. */
export async function replaceOwnSession(
  deps: SessionDeps,
  { req, userId, replaceIt }: { req: Request; userId: string; replaceIt: () => Promise<void> },
): Promise<void> {
  const isOther = req.user !== undefined && req.user.id !== userId
  if (isOther) await endWithSignIn(deps, signInOf(req.session), replaceIt)
  else await replaceIt()
}

/**
 * Notes the end first, so that the sweep completes it if this process dies. Ends the other sessions of the
 * SSO session afterwards, because a re-authentication may have replaced the known one.
 */
async function endWithSignIn(
  deps: EndDeps,
  { userId, signInId }: OwnSignIn,
  endIt?: () => Promise<unknown>,
): Promise<void> {
  if (signInId !== undefined) await noteSignInToEnd(deps, signInId)
  await endIt?.()
  if (userId === undefined || signInId === undefined) return
  const left = await sessionsOf(deps, { userId, signInId })
  await Promise.all(left.map((id) => deps.store.deleteSession(id)))
  await endNotedSignIn(deps, signInId)
}

async function sessionsOf(
  { store }: EndDeps,
  { userId, signInId }: { userId: string; signInId: string },
): Promise<string[]> {
  const all = await store.listSessions(userId)
  return all.flatMap(({ id, session }) => (session.authKit?.signIn?.id === signInId ? [id] : []))
}

function signInOf({ passport, authKit }: SessionData): OwnSignIn {
  return { userId: passport?.user?.id, signInId: authKit?.signIn?.id }
}

/** Ends the session of this request for good. */
export function endSession(req: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.destroy((error?: unknown) => (error ? reject(error) : resolve()))
  })
}

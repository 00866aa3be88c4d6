import type { SessionStore } from 'auth-kit/session'
import type { Request } from 'express'
import type { AuditSource } from '../audit/build-audit-record.ts'
import type { Audit } from '../audit/create-audit.ts'
import { endSignInsOfUser } from './end-sign-ins.ts'
import type { SignIns } from './sign-in.model.ts'
import { notSignedIn } from '../http/errors.ts'
import type { SessionDeps } from './session-deps.ts'

/** A session that stays, and its SSO session. */
type Spared = { sessionId: string; signInId: string | undefined }

type Deps = { store: SessionStore; signIns: SignIns; audit: Audit }

/**
 * Ends every session of a user, including a sign-in under way, and every token issued to them.
 *
 * Ends the tokens first, because no list of sessions would show leftover ones. While MongoDB is down,
 * nothing ends and the caller tries again. Ends tokens again afterwards, for those issued in between.
 *
 * @param options.spared the session that sends the request
 */
export async function endSessionsOfUser(
  { store, signIns, audit }: Deps,
  user: { id: string; username: string },
  { from, spared }: { from: AuditSource; spared?: Spared },
): Promise<void> {
  const endTokens = () => endSignInsOfUser(signIns, user.id, { except: spared?.signInId })
  await endTokens()
  await store.endSessions(user.id, spared ? { except: spared.sessionId } : {})
  audit.sessionsEnded(from, { user, sessions: spared ? 'all others' : 'all' })
  await endTokens()
}

/** Ends every other session of the signed-in user, and every token except those of this SSO session. */
export async function endOtherSessions(deps: SessionDeps, req: Request): Promise<void> {
  if (!req.user) throw notSignedIn()
  const spared = { sessionId: req.sessionID, signInId: req.session.authKit?.signIn?.id }
  await endSessionsOfUser(deps, req.user, { from: req, spared })
}

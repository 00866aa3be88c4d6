import type { SessionStore } from 'auth-kit/session'
import type { Request } from 'express'
import type { AuditSource } from '../audit/build-audit-record.ts'
import type { Audit } from '../audit/create-audit.ts'
import { endSignInsOfUser } from './end-sign-ins.ts'
import type { SignIns } from './sign-in.model.ts'
import { notSignedIn } from '../http/errors.ts'
import type { SessionDeps } from './session-deps.ts'

/** A session that goes on, and its sign-in. */
type Spared = { sessionId: string; signInId: string | undefined }

type Deps = { store: SessionStore; signIns: SignIns; audit: Audit }

/**
 * Ends every session of a user, a sign-in under way included, and every token they were given.
 *
 * The tokens end first, because no list of sessions shows that some were left. While MongoDB is
 * away nothing has ended, and the caller tries again. They end again afterwards, for a session
 * that was given some in between.
 *
 * @param options.spared the asker's own session
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

/** Ends every session of the signed-in user but this one, and every token but those of its sign-in. */
export async function endOtherSessions(deps: SessionDeps, req: Request): Promise<void> {
  if (!req.user) throw notSignedIn()
  const spared = { sessionId: req.sessionID, signInId: req.session.authKit?.signIn?.id }
  await endSessionsOfUser(deps, req.user, { from: req, spared })
}

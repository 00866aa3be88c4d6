import type { SessionStore } from 'auth-kit/session'
import { type DescribedSession, describeSession } from './describe-session.ts'
import { moment } from '../http/pages/moment.ts'

/** A session as its user sees it. */
export type OwnSession = DescribedSession & { current: boolean }

/** The running sessions of a user, this one first, then by last use. */
export async function listSessions(
  store: SessionStore,
  { userId, sessionId }: { userId: string; sessionId?: string },
): Promise<OwnSession[]> {
  const all = await store.listSessions(userId)
  const sessions = all.map(({ id, session }) => ({
    ...describeSession(session),
    current: id === sessionId,
  }))
  return sessions.toSorted(
    (a, b) =>
      Number(b.current) - Number(a.current) ||
      (b.lastUsedAt?.getTime() ?? 0) - (a.lastUsedAt?.getTime() ?? 0),
  )
}

/** A session as pages show it, its moments in words. */
export function drawSession(session: OwnSession) {
  return {
    ...session,
    signedIn: moment(session.signedInAt),
    lastUsed: session.lastUsedAt && moment(session.lastUsedAt),
  }
}

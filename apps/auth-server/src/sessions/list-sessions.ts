import type { SessionStore } from 'auth-kit/session'
import { type DescribedSession, describeSession, describeSignIn } from './describe-session.ts'
import type { SignIns } from './sign-in.model.ts'
import { moment } from '../http/pages/moment.ts'

/** A session as its user sees it. */
export type OwnSession = DescribedSession & { current: boolean }

/** The sessions of a user, this one first, then by last use, followed by sign-ins through clients. */
export async function listSessions(
  { store, signIns }: { store: SessionStore; signIns: SignIns },
  { userId, sessionId }: { userId: string; sessionId?: string },
): Promise<OwnSession[]> {
  const [all, byClients] = await Promise.all([
    store.listSessions(userId),
    runningByClients(signIns, userId).sort({ startedAt: -1 }).lean(),
  ])
  const sessions = all.map(({ id, session }) => ({
    ...describeSession(session),
    current: id === sessionId,
  }))
  const sorted = sessions.toSorted(
    (a, b) =>
      Number(b.current) - Number(a.current) ||
      (b.lastUsedAt?.getTime() ?? 0) - (a.lastUsedAt?.getTime() ?? 0),
  )
  return [...sorted, ...byClients.map((record) => ({ ...describeSignIn(record), current: false }))]
}

/** The user's sign-ins through clients that can still issue tokens; they have no session. */
export function runningByClients(signIns: SignIns, userId: string) {
  const running = { userId: { $eq: userId }, endedAt: null, expiresAt: { $gt: new Date() } }
  return signIns.find({ ...running, by: { $ne: null } })
}

/** A session as pages show it, with times in words. */
export function drawSession(session: OwnSession) {
  return {
    ...session,
    signedIn: moment(session.signedInAt),
    lastUsed: session.lastUsedAt && moment(session.lastUsedAt),
  }
}

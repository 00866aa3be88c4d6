import type { SessionStore } from 'auth-kit/session'
import { Types } from 'mongoose'
import { endMarkedSessions } from '../../sessions/end-marked-sessions.ts'
import type { AuditSource } from '../../audit/build-audit-record.ts'
import type { Audit } from '../../audit/create-audit.ts'
import type { SignIns } from '../../sessions/sign-in.model.ts'
import type { User, Users } from '../../users/user.model.ts'

/**
 * Suspends a user: they cannot sign in until `restoreUser`, and all their sessions end. The suspension
 * and the mark to end the sessions are one write, which the sweep completes if this process dies.
 * Suspending again ends the sessions again.
 *
 * @returns whether there is such a user
 */
export async function suspendUser(
  deps: { users: Users; signIns: SignIns; store: SessionStore; audit: Audit },
  suspended: Pick<User, 'id' | 'username'>,
  from: AuditSource,
): Promise<boolean> {
  const { id } = suspended
  const now = new Date()
  const user = { _id: new Types.ObjectId(id), deletingAt: null }
  const begin = { $set: { suspendedAt: now, sessionsToEnd: now } }
  const { matchedCount } = await deps.users.updateOne({ ...user, suspendedAt: null }, begin)
  if (matchedCount === 0) {
    const again = await deps.users.updateOne(user, { $set: { sessionsToEnd: now } })
    if (again.matchedCount === 0) return false
  }
  deps.audit.userSuspended(from, { user: suspended })
  await endMarkedSessions(deps, { id, sessionsToEnd: now })
  return true
}

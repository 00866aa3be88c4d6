import type { SessionStore } from 'auth-kit/session'
import { Types } from 'mongoose'
import { endMarkedSessions } from '../account/end-marked-sessions.ts'
import type { AuditSource } from '../audit/audit-record-of.ts'
import type { Audit } from '../audit/create-audit.ts'
import type { SignIns } from '../tokens/sign-in.model.ts'
import type { User, Users } from './user.model.ts'

type Deps = { users: Users; signIns: SignIns; store: SessionStore; audit: Audit }

/**
 * Gives a user these roles and no others. Sessions hold the roles, so every session of the user ends
 * at once: in one write with the change, completed by the sweep when this process ends right after
 * it. The same roles again change nothing and end nothing.
 *
 * @returns whether they are others now
 */
export async function setRoles(
  deps: Deps,
  user: Pick<User, 'id' | 'username' | 'roles'>,
  { roles: given, from }: { roles: readonly string[]; from: AuditSource },
): Promise<boolean> {
  const { id } = user
  const roles = [...new Set(given)].toSorted()
  if (roles.join() === user.roles.toSorted().join()) return false
  const sessionsToEnd = new Date()
  const notDeleted = { _id: new Types.ObjectId(id), deletingAt: null }
  const { matchedCount } = await deps.users.updateOne(notDeleted, {
    $set: { roles, sessionsToEnd },
  })
  if (matchedCount === 0) return false
  // Before what may fail: a retry finds the same roles, and nothing to tell.
  deps.audit.rolesChanged(from, { user, roles: roles.join(' ') })
  await endMarkedSessions(deps, { id, sessionsToEnd })
  return true
}

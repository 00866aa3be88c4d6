import type { SessionStore } from 'auth-kit/session'
import { Types } from 'mongoose'
import { endMarkedSessions } from '../../sessions/end-marked-sessions.ts'
import type { AuditSource } from '../../audit/build-audit-record.ts'
import type { Audit } from '../../audit/create-audit.ts'
import { changedMeanwhile } from '../../http/errors.ts'
import type { SignIns } from '../../sessions/sign-in.model.ts'
import type { User, Users } from '../../users/user.model.ts'

type Change = {
  roles: readonly string[]
  seen?: readonly string[] | undefined
  from: AuditSource
}

type Deps = { users: Users; signIns: SignIns; store: SessionStore; audit: Audit }

/**
 * Gives a user exactly these roles. Sessions hold the roles, so all sessions of the user end: the
 * change and the mark to end them are one write, which the sweep completes if this process dies.
 * Setting the same roles again changes nothing and ends nothing.
 *
 * @param change.seen the roles the form was opened with; if they have changed since, nothing is written
 * @returns whether the roles have changed
 * @throws Problem 409 `changed_meanwhile`
 */
export async function setRoles(
  deps: Deps,
  user: Pick<User, 'id' | 'username' | 'roles'>,
  { roles: given, seen, from }: Change,
): Promise<boolean> {
  const { id } = user
  const roles = sorted(given)
  if (roles.join() === sorted(user.roles).join()) return false
  if (seen && sorted(seen).join() !== sorted(user.roles).join()) throw changedMeanwhile()
  const sessionsToEnd = new Date()
  const notDeleted = { _id: new Types.ObjectId(id), deletingAt: null }
  const { matchedCount } = await deps.users.updateOne(
    seen ? { ...notDeleted, roles: { $eq: user.roles } } : notDeleted,
    { $set: { roles, sessionsToEnd } },
  )
  if (matchedCount === 0 && seen && (await deps.users.exists(notDeleted))) throw changedMeanwhile()
  if (matchedCount === 0) return false
  // Recorded before the step that may fail, because a retry finds the roles already set.
  deps.audit.rolesChanged(from, { user, roles: roles.join(' ') })
  await endMarkedSessions(deps, { id, sessionsToEnd })
  return true
}

function sorted(roles: readonly string[]): string[] {
  return [...new Set(roles)].toSorted()
}

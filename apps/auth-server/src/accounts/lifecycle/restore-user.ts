import { Types } from 'mongoose'
import type { AuditSource } from '../../audit/build-audit-record.ts'
import type { Audit } from '../../audit/create-audit.ts'
import type { User, Users } from '../../users/user.model.ts'

/** Lets a suspended user sign in again; false if there is no such user. */
export async function restoreUser(
  { users, audit }: { users: Users; audit: Audit },
  user: Pick<User, 'id' | 'username'>,
  from: AuditSource,
): Promise<boolean> {
  const notDeleted = { _id: new Types.ObjectId(user.id), deletingAt: null }
  const { matchedCount } = await users.updateOne(notDeleted, { $set: { suspendedAt: null } })
  if (matchedCount === 0) return false
  audit.userRestored(from, { user })
  return true
}

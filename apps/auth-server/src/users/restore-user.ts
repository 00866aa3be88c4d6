import { Types } from 'mongoose'
import type { Users } from './user.model.ts'

/** Lets a suspended user sign in again; false where there is no such user. */
export async function restoreUser(users: Users, id: string): Promise<boolean> {
  const notDeleted = { _id: new Types.ObjectId(id), deletingAt: null }
  const { matchedCount } = await users.updateOne(notDeleted, { $set: { suspendedAt: null } })
  return matchedCount === 1
}

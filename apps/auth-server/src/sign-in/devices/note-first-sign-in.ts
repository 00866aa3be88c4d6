import { Types } from 'mongoose'
import type { Users } from '../../users/user.model.ts'

/** Notes when a user signed in for the first time. @returns whether this was it */
export async function noteFirstSignIn(users: Users, userId: string): Promise<boolean> {
  const { modifiedCount } = await users.updateOne(
    { _id: new Types.ObjectId(userId), firstSignInAt: null },
    { $set: { firstSignInAt: new Date() } },
  )
  return modifiedCount === 1
}

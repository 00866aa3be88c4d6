import { Types } from 'mongoose'
import type { User, Users } from './user.model.ts'

/**
 * Puts a hash in the place of the one that was read, by compare-and-set: a password changed in the
 * meantime stays.
 *
 * @returns whether it was put there
 */
export async function replaceHash(
  users: Users,
  { id, passwordHash }: Pick<User, 'id' | 'passwordHash'>,
  newHash: string,
): Promise<boolean> {
  const stillTheSame = { _id: { $eq: new Types.ObjectId(id) }, passwordHash: { $eq: passwordHash } }
  const { matchedCount } = await users.updateOne(stillTheSame, { $set: { passwordHash: newHash } })
  return matchedCount === 1
}

import { Types } from 'mongoose'
import type { OutboxEntry } from '../outbox/mail-entry.ts'
import type { User, UserRecord, Users } from './user.model.ts'

/** What else is true from that very moment on. */
export type Alongside = { set?: Partial<UserRecord>; mail?: OutboxEntry }

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
  { set, mail }: Alongside = {},
): Promise<boolean> {
  const stillTheSame = { _id: new Types.ObjectId(id), passwordHash: { $eq: passwordHash } }
  const { matchedCount } = await users.updateOne(stillTheSame, {
    $set: { ...set, passwordHash: newHash },
    ...(mail && { $push: { outbox: mail } }),
  })
  return matchedCount === 1
}

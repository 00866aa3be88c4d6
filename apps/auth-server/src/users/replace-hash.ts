import { Types } from 'mongoose'
import type { OutboxEntry } from '../mail/mail-entry.ts'
import type { User, UserRecord, Users } from './user.model.ts'

/** What else is true from that very moment on. */
export type Alongside = { set?: Partial<UserRecord>; mail?: OutboxEntry }

/**
 * Puts a hash in the place of the one that was read, by compare-and-set: a password or an address
 * changed in the meantime stays, and so does an account that is being deleted.
 *
 * @returns whether it was put there
 */
export async function replaceHash(
  users: Users,
  { id, passwordHash, emailKey }: Pick<User, 'id' | 'passwordHash' | 'emailKey'>,
  newHash: string,
  { set, mail }: Alongside = {},
): Promise<boolean> {
  const stillTheSame = {
    _id: new Types.ObjectId(id),
    passwordHash: { $eq: passwordHash },
    emailKey: { $eq: emailKey },
    deletingAt: null,
  }
  const { matchedCount } = await users.updateOne(stillTheSame, {
    $set: { ...set, passwordHash: newHash },
    ...(mail && { $push: { outbox: mail } }),
  })
  return matchedCount === 1
}

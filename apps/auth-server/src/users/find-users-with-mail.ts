import { toUser, type User, type Users } from './user.model.ts'

/** Users whose outbox holds mails that are due. */
export async function findUsersWithMail(
  users: Users,
  { now, limit }: { now: Date; limit: number },
): Promise<User[]> {
  const records = await users
    .find({ 'outbox.dueAt': { $lte: now } })
    .limit(limit)
    .lean()
  return records.map(toUser)
}

import { toUser, type User, type Users } from './user.model.ts'

const AT_ONCE = 50

/** Users whose deletion or end of sessions began before `before` and is not complete. */
export async function findUnfinished(
  users: Users,
  before: Date,
): Promise<{ deleting: User[]; marked: User[] }> {
  const longAgo = { $ne: null, $lte: before }
  const deleting = await users.find({ deletingAt: longAgo }).limit(AT_ONCE).lean()
  const ending = { sessionsToEnd: longAgo, deletingAt: null }
  const marked = await users.find(ending).limit(AT_ONCE).lean()
  return { deleting: deleting.map(toUser), marked: marked.map(toUser) }
}

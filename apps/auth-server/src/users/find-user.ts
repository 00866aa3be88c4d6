import { Types } from 'mongoose'
import { normalizeIdentity } from './normalize-identity.ts'
import { toUser, type User, type Users } from './user.model.ts'

/**
 * The user with that name or e-mail address, ignoring case; only an address contains an `@`. It asks
 * for every match, although there is at most one: a database that scans the collection would stop at
 * the first, and its time would tell known names from unknown ones (R9, C25).
 */
export async function findUserByLogin(users: Users, login: string): Promise<User | null> {
  const key = normalizeIdentity(login)
  const condition = key.includes('@') ? { emailKey: { $eq: key } } : { usernameKey: { $eq: key } }
  const [record] = await users.find(condition).lean()
  return record ? toUser(record) : null
}

/** The confirmed users with these normalized addresses, by address. */
export async function findConfirmedByEmail(
  users: Users,
  emailKeys: string[],
): Promise<Map<string, User>> {
  const condition = { emailKey: { $in: emailKeys }, verifiedAt: { $ne: null }, deletingAt: null }
  const records = await users.find(condition).lean()
  return new Map(records.map((record) => [record.emailKey, toUser(record)]))
}

/** The user with that id; null for an invalid id, too. */
export async function findUserById(users: Users, id: string): Promise<User | null> {
  if (!/^[0-9a-f]{24}$/.test(id)) return null
  const record = await users.findOne({ _id: new Types.ObjectId(id) }).lean()
  return record && toUser(record)
}

/** Every user, one at a time, sorted by name. */
export async function* everyUser(users: Users): AsyncIterable<User> {
  for await (const record of users.find({ deletingAt: null }).sort({ usernameKey: 1 }).lean())
    yield toUser(record)
}

type Wanted = {
  /** Part of a name or e-mail address. */
  search?: string | undefined
  /** The `next` of the previous page. */
  after?: string | undefined
  limit: number
}

/** A page of users, sorted by name, and the cursor of the next page (null on the last). */
export async function listUsers(
  users: Users,
  { search = '', after = '', limit }: Wanted,
): Promise<{ users: User[]; next: string | null }> {
  const part = { $regex: escaped(normalizeIdentity(search)) }
  const matching = search === '' ? {} : { $or: [{ usernameKey: part }, { emailKey: part }] }
  const records = await users
    .find({ usernameKey: { $gt: after }, ...matching })
    .sort({ usernameKey: 1 })
    .limit(limit + 1)
    .lean()
  const page = records.slice(0, limit)
  const next = records.length > limit ? (page.at(-1)?.usernameKey ?? null) : null
  return { users: page.map(toUser), next }
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
}

import { normalizeIdentity } from './normalize-identity.ts'
import { toUser, type User, type Users } from './user.model.ts'

type Wanted = {
  /** Part of a name or e-mail address. */
  search?: string | undefined
  /** As `next` of the page before gave it. */
  after?: string | undefined
  limit: number
}

/** A page of users by name, and where the next one begins; null when this is the last. */
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

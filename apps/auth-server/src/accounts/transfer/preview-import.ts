import type { Types } from 'mongoose'
import type { Users } from '../../users/user.model.ts'

/** What a dry run would have stored so far. */
export type ImportPreview = {
  ids: Set<string>
  /** User ids by name and by address; one map for both, because only an address contains an `@`. */
  owners: Map<string, string>
}

type Candidate = { id: Types.ObjectId; usernameKey: string; emailKey: string }

export function emptyPreview(): ImportPreview {
  return { ids: new Set(), owners: new Map() }
}

/** Adds a batch to the preview; returns those that clash within the file or with an existing user. */
export async function previewImport<Given extends Candidate>(
  users: Users,
  { ids, owners }: ImportPreview,
  batch: Given[],
): Promise<Given[]> {
  const taken = await takenBy(users, batch)
  return batch.filter(({ id, usernameKey, emailKey }) => {
    const own = id.toHexString()
    const keys = [usernameKey, emailKey]
    const clashes = ids.has(own) || taken.ids.has(own)
    if (clashes || keys.some((key) => owners.has(key) || taken.keys.has(key))) return true
    ids.add(own)
    for (const key of keys) owners.set(key, own)
    return false
  })
}

/** The ids, names and addresses of a batch that existing users already have. */
async function takenBy(users: Users, batch: Candidate[]) {
  const known = { usernameKey: 1, emailKey: 1 }
  const conditions = [
    { _id: { $in: batch.map(({ id }) => id) } },
    { usernameKey: { $in: batch.map(({ usernameKey }) => usernameKey) } },
    { emailKey: { $in: batch.map(({ emailKey }) => emailKey) } },
  ]
  const found = await Promise.all(conditions.map((of) => users.find(of, known).lean()))
  return {
    ids: new Set(found.flat().map(({ _id }) => _id.toHexString())),
    keys: new Set(found.flat().flatMap(({ usernameKey, emailKey }) => [usernameKey, emailKey])),
  }
}

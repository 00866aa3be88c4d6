/** What every server may know of a user: kept whole in the session, so that none needs a database. */
export type PublicUser = {
  id: string
  username: string
  email: string
  roles: string[]
  /** When the e-mail address was confirmed, ISO 8601; null before that. */
  verifiedAt: string | null
}

const isText = (value: unknown): boolean => typeof value === 'string'

/**
 * Every public field and its check. A session outlives a deploy, so a new field must also accept
 * undefined, which is what older servers stored.
 */
const fields: Record<keyof PublicUser, (value: unknown) => boolean> = {
  id: isText,
  username: isText,
  email: isText,
  roles: (value) => Array.isArray(value) && value.every(isText),
  verifiedAt: (value) => value === null || isText(value),
}

/** For messages: the names of the public fields. */
export const publicFieldNames = Object.keys(fields)

/** A user as an older or a newer server stored it, or null. Keeps the fields of a newer one. */
export function parsePublicUser(value: unknown): PublicUser | null {
  if (typeof value !== 'object' || value === null) return null
  const user = { ...value }
  return isPublicUser(user) ? user : null
}

/** The public fields of a user and nothing else (R42), or null if it is no user. */
export function pickPublicUser(value: unknown): PublicUser | null {
  const known = Object.entries({ ...parsePublicUser(value) }).filter(([field]) => field in fields)
  return parsePublicUser(Object.fromEntries(known))
}

function isPublicUser(user: object): user is PublicUser {
  return Object.entries(fields).every(([field, isValid]) => isValid(Reflect.get(user, field)))
}

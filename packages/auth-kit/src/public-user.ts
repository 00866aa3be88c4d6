/** What every server may know about a user. Stored in the session, so no server needs a database. */
export type PublicUser = {
  id: string
  username: string
  email: string
  roles: string[]
  /** When the e-mail address was confirmed, ISO 8601. Null until then. */
  verifiedAt: string | null
}

const isText = (value: unknown): boolean => typeof value === 'string'

/**
 * Every public field and its check. Sessions outlive deploys, so a new field must also accept
 * undefined: older servers did not store it.
 */
const fields: Record<keyof PublicUser, (value: unknown) => boolean> = {
  id: isText,
  username: isText,
  email: isText,
  roles: (value) => Array.isArray(value) && value.every(isText),
  verifiedAt: (value) => value === null || isText(value),
}

/** The names of the public fields, for messages. */
export const publicFieldNames = Object.keys(fields)

/** A user stored by an older or newer server, or null if invalid. Keeps unknown fields. */
export function parsePublicUser(value: unknown): PublicUser | null {
  if (typeof value !== 'object' || value === null) return null
  const user = { ...value }
  return isPublicUser(user) ? user : null
}

/** Only the public fields of a user (R42), or null if the value is not a user. */
export function pickPublicUser(value: unknown): PublicUser | null {
  const known = Object.entries({ ...parsePublicUser(value) }).filter(([field]) => field in fields)
  return parsePublicUser(Object.fromEntries(known))
}

function isPublicUser(user: object): user is PublicUser {
  return Object.entries(fields).every(([field, isValid]) => isValid(Reflect.get(user, field)))
}

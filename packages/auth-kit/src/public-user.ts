/** What every server may know of a user: kept whole in the session, so that none needs a database. */
export type PublicUser = {
  id: string
  username: string
  email: string
  roles: string[]
  /** When the e-mail address was confirmed, ISO 8601; null before that. */
  verifiedAt: string | null
}

/** Exactly the public fields of a user, as an object of its own; null where the value is no user. */
export function parsePublicUser(value: unknown): PublicUser | null {
  if (typeof value !== 'object' || value === null) return null
  const { id, username, email, roles, verifiedAt }: Partial<Record<string, unknown>> = { ...value }
  if (typeof id !== 'string' || typeof username !== 'string' || typeof email !== 'string')
    return null
  if (!Array.isArray(roles) || !roles.every((role) => typeof role === 'string')) return null
  if (verifiedAt !== null && typeof verifiedAt !== 'string') return null
  return { id, username, email, roles: [...roles], verifiedAt }
}

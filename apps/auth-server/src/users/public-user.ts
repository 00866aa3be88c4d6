import type { PublicUser } from 'auth-kit/passport'
import type { DirectoryUser } from './user-directory.ts'

/** What others may know of a user and what the session holds: field by field, never a hash (R42). */
export function publicUser({ id, username, email, roles, verifiedAt }: DirectoryUser): PublicUser {
  return { id, username, email, roles: [...roles], verifiedAt: verifiedAt?.toISOString() ?? null }
}

import type { PublicUser } from 'auth-kit/passport'
import type { DirectoryUser } from './user-directory.ts'
import type { User } from './user.model.ts'

/** What others may know of a user and what the session holds: field by field, never a hash (R42). */
export function publicUser({ id, username, email, roles, verifiedAt }: DirectoryUser): PublicUser {
  return { id, username, email, roles: [...roles], verifiedAt: verifiedAt?.toISOString() ?? null }
}

/** What an admin may know of a user: what everybody may, and how the account stands (R42). */
export function describedUser(user: User) {
  const { suspendedAt, deletingAt, createdAt } = user
  const state = deletingAt ? 'deleting' : suspendedAt ? 'suspended' : openState(user)
  return { ...publicUser(user), state, suspendedAt, createdAt }
}

function openState({ verifiedAt }: User): 'active' | 'not confirmed' {
  return verifiedAt ? 'active' : 'not confirmed'
}

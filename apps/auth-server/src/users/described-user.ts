import { publicUser } from './public-user.ts'
import type { User } from './user.model.ts'

/** What an admin may know of a user: what everybody may, and how the account stands (R42). */
export function describedUser(user: User) {
  const { suspendedAt, deletingAt, createdAt } = user
  const state = deletingAt ? 'deleting' : suspendedAt ? 'suspended' : openState(user)
  return { ...publicUser(user), state, suspendedAt, createdAt }
}

function openState({ verifiedAt }: User): 'active' | 'not confirmed' {
  return verifiedAt ? 'active' : 'not confirmed'
}

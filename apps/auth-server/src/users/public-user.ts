import type { PublicUser } from 'auth-kit/passport'
import { z } from 'zod'
import type { DirectoryUser } from './user-directory.ts'
import type { User } from './user.model.ts'

/** A user as sessions and answers show it. */
export const publicUserSchema = z.object({
  id: z.string(),
  username: z.string(),
  email: z.string(),
  roles: z.array(z.string()),
  verifiedAt: z.iso.datetime().nullable(),
})

/** The public fields of a user and nothing else; never a hash (R42). */
export function publicUser(user: DirectoryUser): PublicUser {
  return publicUserSchema.parse({ ...user, verifiedAt: user.verifiedAt?.toISOString() ?? null })
}

/** A user as admins see it: the public fields and the state of the account (R42). */
export function describedUser(user: User) {
  const { suspendedAt, deletingAt, createdAt } = user
  const state = deletingAt ? 'deleting' : suspendedAt ? 'suspended' : openState(user)
  return { ...publicUser(user), state, suspendedAt, createdAt }
}

function openState({ verifiedAt }: User): 'active' | 'not confirmed' {
  return verifiedAt ? 'active' : 'not confirmed'
}

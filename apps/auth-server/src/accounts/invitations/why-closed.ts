import type { Users } from '../../users/user.model.ts'
import { findInvite, isUsed } from './find-invite.ts'
import type { Invites } from './invite.model.ts'

export type WhyClosed = 'used' | 'revoked' | 'expired' | 'unknown'

/** Why nobody can sign up with the invite of a token; only for a visitor who has the token. */
export async function whyClosed(
  { users, invites }: { users: Users; invites: Invites },
  token: string,
): Promise<WhyClosed> {
  const invite = await findInvite(invites, token)
  if (!invite) return 'unknown'
  if (invite.revokedAt) return 'revoked'
  if (await isUsed(users, invite)) return 'used'
  // Somebody else was faster while this request ran.
  return invite.expiresAt <= new Date() ? 'expired' : 'used'
}

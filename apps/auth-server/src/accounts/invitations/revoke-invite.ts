import type { AuditSource } from '../../audit/build-audit-record.ts'
import type { Audit } from '../../audit/create-audit.ts'
import type { Users } from '../../users/user.model.ts'
import { findInviteById, isUsed } from './find-invite.ts'
import type { Invites } from './invite.model.ts'

/** Whether the invite was revoked now or earlier, or was already used and stays as it is. */
export type Revocation = 'revoked' | 'revoked_before' | 'used'

type Deps = { invites: Invites; users: Users; audit: Audit }

/**
 * Revokes an invite and drops its unsent e-mail. A used invite stays as it is.
 *
 * @returns null if there is no such invite
 */
export async function revokeInvite(
  { invites, users, audit }: Deps,
  { id, from }: { id: string; from: AuditSource },
): Promise<Revocation | null> {
  const invite = await findInviteById(invites, id)
  if (!invite) return null
  if (await isUsed(users, invite)) return 'used'
  const { modifiedCount } = await invites.updateOne(
    { _id: { $eq: id }, usedAt: { $eq: null }, revokedAt: { $eq: null } },
    { $set: { revokedAt: new Date(), outbox: [] } },
  )
  if (modifiedCount === 0) return 'revoked_before'
  audit.inviteRevoked(from, { invite })
  return 'revoked'
}

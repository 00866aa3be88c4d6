import type { Invites } from './invite.model.ts'

/**
 * Records in the invite itself that it was used, because a user's document may go. Called for each of
 * the user's `claimed` invites before the user is deleted. Drops the invite's unsent e-mail, too.
 */
export async function markInviteUsed(
  invites: Invites,
  { invite, usedBy }: { invite: string; usedBy: string },
): Promise<void> {
  await invites.updateOne(
    { _id: invite, usedAt: { $eq: null } },
    { $set: { usedAt: new Date(), usedBy, outbox: [] } },
  )
}

import type { Invites } from './invite.model.ts'

/**
 * Writes at the invite itself that it was used up, for the time when no user document tells it any
 * more. So it is done for every one of `claimed` before a user is deleted. Its mail is not sent any
 * more.
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

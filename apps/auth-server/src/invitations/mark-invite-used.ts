import type { Invites } from './invite.model.ts'

/**
 * Writes down at the invite itself that it was used up, for the time when no user document tells
 * any more: so before a user is deleted, for every one of `claimed` (the mail is not sent any more).
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

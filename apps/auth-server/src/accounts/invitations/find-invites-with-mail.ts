import { type Invite, type Invites, toInvite } from './invite.model.ts'

/** Invites whose outbox holds mails that are due. */
export async function findInvitesWithMail(
  invites: Invites,
  { now, limit }: { now: Date; limit: number },
): Promise<Invite[]> {
  const records = await invites
    .find({ 'outbox.dueAt': { $lte: now } })
    .limit(limit)
    .lean()
  return records.map(toInvite)
}

import type { Invites } from './invite.model.ts'

/**
 * Makes an invite worthless, its mail included. One that was used stays as it is.
 *
 * @returns whether there is such an invite
 */
export async function revokeInvite(invites: Invites, id: string): Promise<boolean> {
  await invites.updateOne(
    { _id: id, usedAt: { $eq: null }, revokedAt: { $eq: null } },
    { $set: { revokedAt: new Date(), outbox: [] } },
  )
  return (await invites.exists({ _id: id })) !== null
}

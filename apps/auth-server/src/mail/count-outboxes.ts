import type { Invites } from '../accounts/invitations/invite.model.ts'
import type { Users } from '../users/user.model.ts'

/** How many users and invites have mails that wait to be handed over. */
export async function countOutboxes({
  users,
  invites,
}: {
  users: Users
  invites: Invites
}): Promise<number> {
  // What was given up is not due.
  const waiting = { 'outbox.dueAt': { $gt: new Date(0) } }
  const counts = await Promise.all([users.countDocuments(waiting), invites.countDocuments(waiting)])
  return counts.reduce((sum, count) => sum + count)
}

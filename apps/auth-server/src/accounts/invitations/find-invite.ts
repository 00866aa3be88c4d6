import type { Users } from '../../users/user.model.ts'
import { type Invite, type Invites, toInvite } from './invite.model.ts'
import { hashToken } from './invite-token.ts'

/** The invite with that id, in any state. */
export async function findInviteById(invites: Invites, id: string): Promise<Invite | null> {
  const record = await invites.findOne({ _id: { $eq: id } }).lean()
  return record && toInvite(record)
}

/** The invite that a token belongs to, in any state. */
export async function findInvite(invites: Invites, token: string): Promise<Invite | null> {
  const record = await invites.findOne({ tokenHash: { $eq: hashToken(token) } }).lean()
  return record && toInvite(record)
}

/** The invite of a token, if it can still be used; otherwise null. */
export async function findOpenInvite(
  { users, invites }: { users: Users; invites: Invites },
  token: string,
): Promise<Invite | null> {
  const invite = await findInvite(invites, token)
  return invite && (await isOpen(users, invite)) ? invite : null
}

/** Whether an invite can still be used: it is not revoked, expired or used. */
export async function isOpen(users: Users, invite: Invite, now = new Date()): Promise<boolean> {
  if (invite.revokedAt || invite.expiresAt <= now) return false
  return !(await isUsed(users, invite))
}

/** Whether an invite was used, even if that account has been deleted since. */
export async function isUsed(
  users: Users,
  { id, usedAt }: Pick<Invite, 'id' | 'usedAt'>,
): Promise<boolean> {
  return usedAt !== null || (await users.exists({ 'claimed.invite': { $eq: id } })) !== null
}

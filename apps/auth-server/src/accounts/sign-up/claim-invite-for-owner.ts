import { Types } from 'mongoose'
import { unavailable } from 'service-kit'
import { inviteUsedOrExpired } from '../../http/errors.ts'
import { mailEntry } from '../../mail/mail-entry.ts'
import { noPassword } from '../../users/hashing/hash-password.ts'
import type { User, Users } from '../../users/user.model.ts'

/**
 * Uses up an invite for somebody who has an account: the claim, under the same unique index that a
 * new user's is, and the mail to reset the password are one write.
 *
 * Two people may have signed up with an address that nobody has confirmed. Whoever of them reads its
 * mails chooses the password by mail: the one given at first would let the other in.
 *
 * @returns false if the owner's document changed meanwhile: to be read and tried again
 * @throws Problem 410 `invite_used_or_expired` where somebody else was faster; 503
 *   `temporarily_unavailable` while the account is being deleted, for an invite is no use to it
 */
export async function claimForOwner(
  users: Users,
  owner: User,
  claim: { invite: string; name: string },
): Promise<boolean> {
  if (owner.deletingAt) throw unavailable()
  const unchanged = {
    _id: new Types.ObjectId(owner.id),
    invite: { $eq: owner.invite },
    'claimed.invite': { $ne: claim.invite },
    verifiedAt: { $eq: owner.verifiedAt },
    deletingAt: null,
  }
  const change = {
    $set: { invite: claim.invite, ...(!owner.verifiedAt && { passwordHash: noPassword }) },
    $push: { claimed: claim, outbox: mailEntry({ kind: 'reset', to: owner.email }) },
  }
  try {
    if ((await users.updateOne(unchanged, change)).matchedCount === 1) return true
  } catch (error) {
    // Not every server names a duplicate key in an update, so we look who has the invite.
    throw (await isClaimed(users, claim.invite)) ? inviteUsedOrExpired(error) : error
  }
  if (await isClaimed(users, claim.invite)) throw inviteUsedOrExpired()
  return false
}

async function isClaimed(users: Users, invite: string): Promise<boolean> {
  return (await users.exists({ invite: { $eq: invite } })) !== null
}

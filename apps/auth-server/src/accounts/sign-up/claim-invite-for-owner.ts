import { Types } from 'mongoose'
import { unavailable } from 'service-kit'
import { inviteUsedOrExpired } from '../../http/errors.ts'
import { mailEntry } from '../../mail/mail-entry.ts'
import { noPassword } from '../../users/hashing/hash-password.ts'
import type { User, Users } from '../../users/user.model.ts'

/**
 * Uses an invite for an address that has an account. The claim, under the same unique index as for a
 * new user, and the e-mail to reset the password are one write.
 *
 * If the account is not confirmed, two people may have signed up with the address. The password from
 * the first sign-up is removed, and the owner of the mailbox chooses a new one by e-mail.
 *
 * @returns false if the owner's document has changed meanwhile; read it again and retry
 * @throws Problem 410 `invite_used_or_expired` if somebody else was faster; 503
 *   `temporarily_unavailable` while the account is being deleted
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
    // Not every server reports a duplicate key in an update, so look the invite up.
    throw (await isClaimed(users, claim.invite)) ? inviteUsedOrExpired(error) : error
  }
  if (await isClaimed(users, claim.invite)) throw inviteUsedOrExpired()
  return false
}

async function isClaimed(users: Users, invite: string): Promise<boolean> {
  return (await users.exists({ invite: { $eq: invite } })) !== null
}

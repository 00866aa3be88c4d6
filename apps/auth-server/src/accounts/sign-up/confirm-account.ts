import { Types } from 'mongoose'
import { invalidLink } from '../../http/errors.ts'
import { userOfLink, type LinkDeps } from '../links/user-of-link.ts'
import { findUserById } from '../../users/find-user.ts'
import type { User } from '../../users/user.model.ts'

/**
 * Confirms the account of a link. Confirming again is fine and changes nothing.
 *
 * @returns the user if this call confirmed the account; otherwise null
 * @throws Problem 400 `invalid_or_expired_token`
 */
export async function confirmAccount(deps: LinkDeps, token: string): Promise<User | null> {
  const { users, config } = deps
  const { user } = await userOfLink(deps, { token, purpose: 'confirm' })
  if (user.verifiedAt !== null) return null
  const stillTheSame = {
    _id: new Types.ObjectId(user.id),
    emailKey: { $eq: user.emailKey },
    verifiedAt: null,
    deletingAt: null,
  }
  const confirmed = await users.updateOne(stillTheSame, { $set: { verifiedAt: new Date() } })
  if (confirmed.matchedCount === 1) return user
  // Either another click was faster, or the account was deleted.
  if (!(await findUserById(users, user.id))?.verifiedAt) throw invalidLink(config.contactUrl)
  return null
}

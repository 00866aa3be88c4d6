import { normalizeIdentity } from '../../users/normalize-identity.ts'
import type { Users } from '../../users/user.model.ts'
import type { Reservations } from './reservation.model.ts'

/**
 * Whether a user has the name, or a sign-up with another address has reserved it. A name that was
 * given with an invite for an address that had an account counts as taken, too. Otherwise a second
 * sign-up could tell whether the first one created an account (R9).
 */
export async function isNameTaken(
  { users, reservations }: { users: Users; reservations: Reservations },
  { username, email }: { username: string; email: string },
): Promise<boolean> {
  const name = normalizeIdentity(username)
  const ofUser = { $or: [{ usernameKey: { $eq: name } }, { 'claimed.name': { $eq: name } }] }
  if (await users.exists(ofUser)) return true
  const ofOthers = {
    usernameKey: { $eq: name },
    emailKey: { $ne: normalizeIdentity(email) },
    endsAt: { $gt: new Date() },
  }
  return (await reservations.exists(ofOthers)) !== null
}

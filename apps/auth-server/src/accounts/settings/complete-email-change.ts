import { Types } from 'mongoose'
import type { AuditSource } from '../../audit/build-audit-record.ts'
import { emailTaken, invalidLink } from '../../http/errors.ts'
import { userOfLink, type LinkDeps } from '../links/user-of-link.ts'
import { isDuplicate } from '../../storage/is-duplicate.ts'
import { withFormerEmail } from '../lifecycle/former-emails.ts'
import type { User } from '../../users/user.model.ts'
import { type RemovalDeps, claimAddress } from '../lifecycle/claim-address.ts'

/**
 * Changes a user's address to the one that a link confirms. Sessions hold the old address, so they
 * are marked to be ended. The old address becomes a former one, to which the account can be given
 * back; it got an e-mail when the change was requested.
 *
 * @returns the user as stored now
 * @throws Problem 400 `invalid_or_expired_token`; 409 `email_taken`
 */
export async function completeEmailChange(
  deps: LinkDeps & RemovalDeps,
  { token, from }: { token: string; from: AuditSource },
): Promise<User & { sessionsToEnd: Date }> {
  const { users, config } = deps
  const { user } = await userOfLink(deps, { token, purpose: 'change_email' })
  const pending = user.pendingEmail
  if (!pending) throw invalidLink(config.contactUrl)
  const sessionsToEnd = new Date()
  const formerEmails = withFormerEmail(user, sessionsToEnd)
  const done = { pendingEmail: null, verifiedAt: sessionsToEnd, sessionsToEnd }
  const changed = { ...pending, ...done, formerEmails }
  const stillTheSame = {
    _id: new Types.ObjectId(user.id),
    emailKey: { $eq: user.emailKey },
    'pendingEmail.emailKey': { $eq: pending.emailKey },
    deletingAt: null,
  }
  const write = () => users.updateOne(stillTheSame, { $set: changed })
  const wanted = { email: pending.email, from }
  const result = await claimAddress(deps, wanted, write).catch((error: unknown) => {
    throw isDuplicate(error) ? emailTaken(error) : error
  })
  if (result.matchedCount === 0) throw invalidLink(config.contactUrl)
  return { ...user, ...changed }
}

import { Types } from 'mongoose'
import type { AuditSource } from '../../audit/build-audit-record.ts'
import { emailTaken, invalidLink } from '../../http/errors.ts'
import { userOfLink, type LinkDeps } from '../links/user-of-link.ts'
import { isDuplicate } from '../../storage/is-duplicate.ts'
import { withFormerEmail } from '../lifecycle/former-emails.ts'
import type { User } from '../../users/user.model.ts'
import { type RemovalDeps, claimAddress } from '../lifecycle/claim-address.ts'

/**
 * Takes over the address that a link confirms. The old one was told when this was asked for; the
 * sessions, which hold it, are marked to be ended. It is kept as one to give the account back to.
 *
 * @returns the user as it is now
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

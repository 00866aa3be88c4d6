import { Types } from 'mongoose'
import { type RemovalDeps, claimAddress } from '../lifecycle/claim-address.ts'
import type { AuditSource } from '../../audit/build-audit-record.ts'
import { mailEntry } from '../../mail/mail-entry.ts'
import { formerEmailsBefore } from '../lifecycle/former-emails.ts'
import { noPassword } from '../../users/hashing/hash-password.ts'
import { isDuplicate } from '../../storage/is-duplicate.ts'
import { normalizeIdentity } from '../../users/normalize-identity.ts'
import type { User } from '../../users/user.model.ts'
import { forcePasswordReset } from './force-password-reset.ts'

type Wanted = { user: User; email: string }

/** Whether that is the account's address or a former one, to which it can be given back. */
export function mayGiveBack({ user, email }: Wanted): boolean {
  const emailKey = normalizeIdentity(email)
  return user.emailKey === emailKey || formerEmailsBefore(user, emailKey) !== undefined
}

/**
 * Gives an account back to a former address, in one write. The person who changed the address knew
 * the password, so it is removed: the way in is the e-mail to reset it. The replaced address gets an
 * e-mail, too.
 *
 * Replaced addresses may hold "this was not me" links of their own. So the addresses that came later
 * stop being former ones, which invalidates their links. After A → B → C, the owner of A wins over B
 * and C in any order, and B wins over C only.
 *
 * @returns the mark (`sessionsToEnd`); undefined if an earlier address was given back
 */
export async function restoreAddress(
  deps: RemovalDeps,
  { user, email, link, from }: Wanted & { link: string; from: AuditSource },
): Promise<Date | undefined> {
  const { users } = deps
  const emailKey = normalizeIdentity(email)
  // The change was only requested, not made.
  if (user.emailKey === emailKey) return forcePasswordReset(users, { user, link })
  const sessionsToEnd = new Date()
  const passwordHash = noPassword
  const done = { pendingEmail: null, sessionsToEnd, passwordSetAt: sessionsToEnd }
  const given = { email, emailKey, passwordHash, ...done }
  const formerEmails = formerEmailsBefore(user, emailKey)
  // While it is a former address, the ones older than it cannot change.
  const stillFormer = {
    _id: new Types.ObjectId(user.id),
    'formerEmails.emailKey': { $eq: emailKey },
    deletingAt: null,
    usedLinks: { $ne: link },
  }
  const data = { newEmail: email, change: 'given_back' }
  const mails = [
    mailEntry({ kind: 'reset', to: email }),
    mailEntry({ kind: 'email_changed', to: user.email, data }),
  ]
  const change = {
    $set: { ...given, formerEmails },
    $push: { outbox: { $each: mails }, usedLinks: link },
  }
  try {
    // The attacker may have signed up with the former address in order to hold it.
    const write = () => users.updateOne(stillFormer, change)
    const { matchedCount } = await claimAddress(deps, { email, from }, write)
    return matchedCount === 1 ? sessionsToEnd : undefined
  } catch (error) {
    // A confirmed account has that address now, so it cannot be given back. Sessions end anyway.
    if (isDuplicate(error)) return forcePasswordReset(users, { user, link })
    throw error
  }
}

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

/** Whether the account was changed away from that address, or is to be. */
export function mayGiveBack({ user, email }: Wanted): boolean {
  const emailKey = normalizeIdentity(email)
  return user.emailKey === emailKey || formerEmailsBefore(user, emailKey) !== undefined
}

/**
 * Gives an account back to the mailbox that it was changed away from, in one write. Whoever changed
 * it knew the password, so that one opens nothing any more: the mail to reset it is the way in. The
 * mailbox that is replaced is told.
 *
 * That mailbox was written to as well, when a further address was asked for. So the addresses that
 * came after are no longer former ones, and their links are done: of A → B → C the owner of A wins
 * over B and C, before, after or together with them, while B wins over C alone.
 *
 * @returns the mark that sessions are to be ended; undefined if an earlier address was given back
 */
export async function restoreAddress(
  deps: RemovalDeps,
  { user, email, link, from }: Wanted & { link: string; from: AuditSource },
): Promise<Date | undefined> {
  const { users } = deps
  const emailKey = normalizeIdentity(email)
  // The change was only asked for, not made.
  if (user.emailKey === emailKey) return forcePasswordReset(users, { user, link })
  const sessionsToEnd = new Date()
  const passwordHash = noPassword
  const done = { pendingEmail: null, sessionsToEnd, passwordSetAt: sessionsToEnd }
  const given = { email, emailKey, passwordHash, ...done }
  const formerEmails = formerEmailsBefore(user, emailKey)
  // The addresses before it change only together with its being on the list.
  const stillFormer = {
    _id: new Types.ObjectId(user.id),
    'formerEmails.emailKey': { $eq: emailKey },
    deletingAt: null,
    usedLinks: { $ne: link },
  }
  const told = { newEmail: email, change: 'given_back' }
  const mails = [
    mailEntry({ kind: 'reset', to: email }),
    mailEntry({ kind: 'email_changed', to: user.email, data: told }),
  ]
  const change = {
    $set: { ...given, formerEmails },
    $push: { outbox: { $each: mails }, usedLinks: link },
  }
  try {
    // Whoever took the account over may have signed up with its address, so as to keep it.
    const write = () => users.updateOne(stillFormer, change)
    const { matchedCount } = await claimAddress(deps, { email, from }, write)
    return matchedCount === 1 ? sessionsToEnd : undefined
  } catch (error) {
    // Another account has that address by now: it cannot be given back. Sessions can end all the
    // same.
    if (isDuplicate(error)) return forcePasswordReset(users, { user, link })
    throw error
  }
}

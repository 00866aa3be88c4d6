import type { RequestHandler } from 'express'
import { Types } from 'mongoose'
import { invalidInput, type Problem } from 'service-kit'
import { noticeFacts } from '../../http/request-device.ts'
import { signInOvertaken } from '../../http/errors.ts'
import { claimMail } from '../../mail/claim-mail.ts'
import { mailEntry } from '../../mail/mail-entry.ts'
import type { AccountDeps } from '../account-deps.ts'
import { normalizeIdentity } from '../../users/normalize-identity.ts'
import type { User, Users } from '../../users/user.model.ts'
import { changeEmailInput } from './account-input.ts'
import { checkOwnPassword } from './check-own-password.ts'

/**
 * Stores the new address as pending and sends a link there, which completes the change. Only the
 * owner of that mailbox learns whether another account has the address. The old address gets an
 * e-mail before anything changes; its "this was not me" link still works afterwards (R14).
 */
export function requestEmailChange(deps: AccountDeps): RequestHandler {
  return async function requestEmailChange(req, _res, next) {
    const { password, newEmail } = changeEmailInput.parse(req.body)
    const user = await checkOwnPassword(deps, { req, password })
    const emailKey = normalizeIdentity(newEmail)
    if (emailKey === user.emailKey) throw sameEmail()
    // Counted per account, so that nobody can stop another account from changing to an address.
    const claim = { kind: 'email_change', about: `${user.id} ${emailKey}` }
    const facts = noticeFacts(req)
    await claimMail(deps, claim, (mayGo) =>
      noteNewEmail(deps.users, { user, newEmail, mayGo, facts }),
    )
    deps.audit.emailChangeAsked(req, { user })
    deps.relay.wake()
    next()
  }
}

async function noteNewEmail(
  users: Users,
  asked: { user: User; newEmail: string; mayGo: boolean; facts: Record<string, string> },
): Promise<void> {
  const { user, newEmail, mayGo, facts } = asked
  const data = { ...facts, newEmail }
  const notice = mailEntry({ kind: 'email_changed', to: user.email, data })
  const link = mailEntry({ kind: 'email_change', to: newEmail })
  // If the password or the address has changed since, the change is refused: the requester may know
  // only the old password.
  const stillTheSame = {
    _id: new Types.ObjectId(user.id),
    passwordHash: { $eq: user.passwordHash },
    emailKey: { $eq: user.emailKey },
    deletingAt: null,
  }
  const { matchedCount } = await users.updateOne(stillTheSame, {
    $set: { pendingEmail: { email: newEmail, emailKey: normalizeIdentity(newEmail) } },
    $push: { outbox: { $each: mayGo ? [notice, link] : [notice] } },
  })
  if (matchedCount === 0) throw signInOvertaken()
}

function sameEmail(): Problem {
  const message = 'This is already the address of your account.'
  return invalidInput([{ field: 'newEmail', message }])
}

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
 * Notes the new address and writes to it: it takes effect with the link in that mail. Only whoever
 * reads its mails sees whether another account has it. The old address is told before anything has
 * changed, and the "this was not me" of that mail still helps afterwards (R14).
 */
export function requestEmailChange(deps: AccountDeps): RequestHandler {
  return async function requestEmailChange(req, _res, next) {
    const { password, newEmail } = changeEmailInput.parse(req.body)
    const user = await checkOwnPassword(deps, { req, password })
    const emailKey = normalizeIdentity(newEmail)
    if (emailKey === user.emailKey) throw sameEmail()
    // For each account: nobody keeps another from moving to an address by asking for it first.
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
  // Nothing is asked for where the password or the address has changed since: whoever asks may know
  // the old one only.
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
  const message = 'This is the address of your account already.'
  return invalidInput([{ field: 'newEmail', message }])
}

import type { SessionStore } from 'auth-kit/session'
import type { Request } from 'express'
import { Problem } from 'service-kit'
import { z } from 'zod'
import { endMarkedSessions } from '../../sessions/end-marked-sessions.ts'
import type { Audit } from '../../audit/create-audit.ts'
import { invalidLink } from '../../http/errors.ts'
import { noticeFacts } from '../../http/request-device.ts'
import { type LinkDeps, userOfLink } from '../links/user-of-link.ts'
import { mailEntry } from '../../mail/mail-entry.ts'
import type { SignIns } from '../../sessions/sign-in.model.ts'
import type { PasswordConfig } from '../../users/password-rules.ts'
import { setPassword } from '../../users/set-password.ts'
import type { User } from '../../users/user.model.ts'
import { linkInput } from '../links/link-page.ts'

export const resetInput = linkInput.extend({
  password: z.string('Enter a new password.').min(1, 'Enter a new password.').max(1024),
})

type Deps = LinkDeps & {
  config: LinkDeps['config'] & PasswordConfig
  signIns: SignIns
  store: SessionStore
  audit: Audit
}

type Given = { token: string; password: string; from: Request }

/**
 * Sets the password of a link's user and ends all their sessions (R18); signs nobody in (R17). All
 * reset links become invalid, because they are signed over the old hash. A reset by e-mail proves
 * that the mailbox is the user's, so it confirms the account, too.
 *
 * The password and the mark to end the sessions are one write, which the sweep completes if this
 * process dies.
 *
 * @returns the user as stored now
 * @throws Problem 400 `invalid_or_expired_token`; 400 `invalid_input` if the password breaks a rule
 */
export async function resetPassword(deps: Deps, { token, password, from }: Given): Promise<User> {
  const { user } = await userOfLink(deps, { token, purpose: 'reset' })
  const sessionsToEnd = new Date()
  const alongside = {
    set: { sessionsToEnd, verifiedAt: user.verifiedAt ?? sessionsToEnd },
    mail: mailEntry({ kind: 'password_changed', to: user.email, data: noticeFacts(from) }),
  }
  const set = await setPassword(deps, { user, password, alongside }).catch((error: unknown) => {
    const isOvertaken = error instanceof Problem && error.code === 'password_changed_meanwhile'
    throw isOvertaken ? invalidLink(deps.config.contactUrl) : error
  })
  deps.audit.passwordReset(from, { user })
  await endMarkedSessions(deps, { id: user.id, sessionsToEnd })
  return { ...user, ...set }
}

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

export const resetInput = linkInput.extend({ password: z.string().min(1).max(1024) })

type Deps = LinkDeps & {
  config: LinkDeps['config'] & PasswordConfig
  signIns: SignIns
  store: SessionStore
  audit: Audit
}

type Given = { token: string; password: string; from: Request }

/**
 * Sets the password of a link's user and ends every session of theirs (R18); signs nobody in (R17).
 * That ends this link and every other one to reset: they are signed over the old hash. Whoever
 * resets by mail has shown that the mailbox is theirs, so the account is confirmed, too.
 *
 * The password and the mark that sessions have to end are one write. When this process ends right
 * after it, the sweep finds the mark and ends them.
 *
 * @returns whose password it is
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

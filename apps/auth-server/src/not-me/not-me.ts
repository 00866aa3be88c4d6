import type { SessionStore } from 'auth-kit/session'
import { beginDeletion, completeDeletion, type DeletionDeps } from '../account/delete-user.ts'
import { endMarkedSessions } from '../sessions/end-marked-sessions.ts'
import type { AuditSource } from '../audit/audit-record-of.ts'
import type { Audit } from '../audit/create-audit.ts'
import type { Config } from '../config.ts'
import { invalidLink } from '../errors.ts'
import type { LinkDeps } from '../links/user-of-link.ts'
import { giveBackAddress } from './give-back-address.ts'
import { dropNewAddress, noteAlarm } from './note-alarm.ts'
import { type NotMeLink, readNotMe } from './read-not-me.ts'

export type NotMeDeps = LinkDeps &
  DeletionDeps & {
    config: LinkDeps['config'] & Pick<Config, 'bcryptCost'>
    store: SessionStore
    audit: Audit
  }

/** What came of it. */
export type NotMeOutcome = 'account_removed' | 'address_dropped' | 'sessions_ended'

/**
 * "This was not me". An account never confirmed is removed. An address that was to become an
 * account's is dropped. Else the address is given back where it was changed from, all sessions of
 * the account end, and a mail to reset the password goes to its address.
 *
 * @throws Problem 400 `invalid_or_expired_token`
 */
export async function notMe(
  deps: NotMeDeps,
  { token, from }: { token: string; from: AuditSource },
): Promise<NotMeOutcome> {
  const link = await readNotMe(deps, token)
  return await raiseAlarm(deps, link, (outcome) => {
    deps.audit.notMeSaid(from, { user: link.user, result: outcome })
    return outcome
  })
}

/** Tells what came of it as soon as that is written: what comes after it may fail. */
async function raiseAlarm(
  deps: NotMeDeps,
  { user, purpose, address }: NotMeLink,
  tell: (outcome: NotMeOutcome) => NotMeOutcome,
): Promise<NotMeOutcome> {
  if (purpose === 'not_my_address') {
    await dropNewAddress(deps.users, user)
    return tell('address_dropped')
  }
  const isNew = user.verifiedAt === null
  if (isNew && (await beginDeletion(deps.users, user.id, { unconfirmedOnly: true }))) {
    const outcome = tell('account_removed')
    await completeDeletion(deps, user)
    return outcome
  }
  const sessionsToEnd =
    purpose === 'restore_email'
      ? await giveBackAddress(deps, { user, address })
      : await noteAlarm(deps.users, user)
  if (!sessionsToEnd) throw invalidLink(deps.config.contactUrl)
  const outcome = tell('sessions_ended')
  await endMarkedSessions(deps, { id: user.id, sessionsToEnd })
  return outcome
}

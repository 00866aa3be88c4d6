import type { SessionStore } from 'auth-kit/session'
import { beginDeletion, completeDeletion, type DeletionDeps } from '../account/delete-user.ts'
import { endMarkedSessions } from '../account/end-marked-sessions.ts'
import type { Config } from '../config.ts'
import { invalidLink } from '../errors.ts'
import type { LinkDeps } from '../links/user-of-link.ts'
import { giveBackAddress } from './give-back-address.ts'
import type { User } from '../users/user.model.ts'
import { dropNewAddress, noteAlarm } from './note-alarm.ts'
import { type NotMeLink, readNotMe } from './read-not-me.ts'

export type NotMeDeps = LinkDeps &
  DeletionDeps & { config: LinkDeps['config'] & Pick<Config, 'bcryptCost'>; store: SessionStore }

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
  token: string,
): Promise<{ outcome: NotMeOutcome; user: User }> {
  const link = await readNotMe(deps, token)
  return { outcome: await raiseAlarm(deps, link), user: link.user }
}

async function raiseAlarm(
  deps: NotMeDeps,
  { user, purpose, address }: NotMeLink,
): Promise<NotMeOutcome> {
  if (purpose === 'not_my_address') {
    await dropNewAddress(deps.users, user)
    return 'address_dropped'
  }
  const isNew = user.verifiedAt === null
  if (isNew && (await beginDeletion(deps.users, user.id, { unconfirmedOnly: true }))) {
    await completeDeletion(deps, user)
    return 'account_removed'
  }
  const sessionsToEnd =
    purpose === 'restore_email'
      ? await giveBackAddress(deps, { user, address })
      : await noteAlarm(deps.users, user)
  if (!sessionsToEnd) throw invalidLink(deps.config.contactUrl)
  await endMarkedSessions(deps, { id: user.id, sessionsToEnd })
  return 'sessions_ended'
}

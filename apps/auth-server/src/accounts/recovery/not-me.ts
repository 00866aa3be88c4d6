import { beginDeletion, completeDeletion } from '../lifecycle/delete-user.ts'
import type { RemovalDeps } from '../lifecycle/claim-address.ts'
import { endMarkedSessions } from '../../sessions/end-marked-sessions.ts'
import type { AuditSource } from '../../audit/build-audit-record.ts'
import { invalidLink } from '../../http/errors.ts'
import type { LinkDeps } from '../links/user-of-link.ts'
import { type ReservationLinkDeps, reservationOfLink } from '../links/reservation-of-link.ts'
import { withdrawReservation } from '../reservations/withdraw-reservation.ts'
import { restoreAddress } from './restore-address.ts'
import { dropNewAddress, forcePasswordReset } from './force-password-reset.ts'
import { isOnlySignedUp, readNotMe } from './read-not-me-link.ts'

export type NotMeDeps = LinkDeps & RemovalDeps & ReservationLinkDeps

/** What was done about it. */
export type NotMeOutcome = 'account_removed' | 'address_dropped' | 'sessions_ended'

/**
 * Handles a "this was not me" link. A sign-up that waits for its confirmation is withdrawn, and a
 * pending change to an address is dropped. An account that was
 * never confirmed is removed. Otherwise all sessions end, and an e-mail to reset the password goes to
 * the account's address, after a changed address was given back.
 *
 * @throws Problem 400 `invalid_or_expired_token`
 */
export async function notMe(
  deps: NotMeDeps,
  { token, from }: { token: string; from: AuditSource },
): Promise<NotMeOutcome> {
  const reservation = await reservationOfLink(deps, { token, purpose: 'not_me' })
  if (reservation) {
    await withdrawReservation(deps.reservations, reservation.id)
    deps.audit.notMeSaid(from, { user: null, result: 'reservation_withdrawn' })
    return 'account_removed'
  }
  const { user, purpose, email, link } = await readNotMe(deps, token)
  // Each outcome is recorded right after its write, because later steps may fail.
  if (purpose === 'not_my_address') {
    await dropNewAddress(deps.users, user)
    deps.audit.notMeSaid(from, { user, result: 'address_dropped' })
    return 'address_dropped'
  }
  if (
    isOnlySignedUp(user) &&
    (await beginDeletion(deps.users, user.id, { unconfirmedOnly: true }))
  ) {
    deps.audit.notMeSaid(from, { user, result: 'account_removed' })
    await completeDeletion(deps, user)
    return 'account_removed'
  }
  const sessionsToEnd =
    purpose === 'restore_email'
      ? await restoreAddress(deps, { user, email, link, from })
      : await forcePasswordReset(deps.users, { user, link })
  if (!sessionsToEnd) throw invalidLink(deps.config.contactUrl)
  deps.audit.notMeSaid(from, { user, result: 'sessions_ended' })
  await endMarkedSessions(deps, { id: user.id, sessionsToEnd })
  return 'sessions_ended'
}

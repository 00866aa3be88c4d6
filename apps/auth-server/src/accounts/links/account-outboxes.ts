import type { Outbox } from '../../mail/outboxes.ts'
import { userOutbox } from '../../users/user-outbox.ts'
import type { User, Users } from '../../users/user.model.ts'
import { inviteOutbox } from '../invitations/invite-outbox.ts'
import type { Invite, Invites } from '../invitations/invite.model.ts'
import { reservationOutbox, type ReservationOwner } from '../reservations/reservation-outbox.ts'
import type { Reservations } from '../reservations/reservation.model.ts'

/** The user, invite or reservation that an e-mail is about; its document holds the e-mail. */
export type MailOwner = { user: User } | { invite: Invite } | ReservationOwner

/** Every outbox of the accounts: users, invites and reservations. */
export function accountOutboxes(stores: {
  users: Users
  invites: Invites
  reservations: Reservations
}): Outbox<MailOwner>[] {
  return [userOutbox(stores.users), inviteOutbox(stores.invites), reservationOutbox(stores)]
}

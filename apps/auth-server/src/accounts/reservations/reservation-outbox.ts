import { type Outbox, outboxOf } from '../../mail/outboxes.ts'
import { findConfirmedByEmail } from '../../users/find-user.ts'
import type { User, Users } from '../../users/user.model.ts'
import { type Reservation, type Reservations, toReservation } from './reservation.model.ts'

/** A reservation whose e-mail is due, and the account that its address has. */
export type ReservationOwner = { reservation: Reservation; account: User | null }

/**
 * The e-mails that wait in reservations. Only here is it looked up whether the address has an
 * account: its owner is notified, and anybody else gets the link (R9).
 */
export function reservationOutbox({
  users,
  reservations,
}: {
  users: Users
  reservations: Reservations
}): Outbox<ReservationOwner> {
  const outbox = outboxOf(reservations, toReservation)
  return {
    collection: outbox.collection,
    async findDue(due) {
      const found = await outbox.findDue(due)
      if (found.length === 0) return []
      const emailKeys = found.map(({ owner }) => owner.emailKey)
      const accounts = await findConfirmedByEmail(users, emailKeys)
      return found.map(({ owner: reservation, ...document }) => ({
        ...document,
        owner: { reservation, account: accounts.get(reservation.emailKey) ?? null },
      }))
    },
  }
}

import { findReservation } from '../reservations/find-reservation.ts'
import type { Reservation, Reservations } from '../reservations/reservation.model.ts'
import type { Config } from '../../config/config.ts'
import type { LinkPurpose } from './link-purposes.ts'
import { verifyLink } from './signed-link.ts'

/** The dependencies for checking a link that may be about a reservation. */
export type ReservationLinkDeps = {
  reservations: Reservations
  config: Pick<Config, 'mailSecrets'>
}

/** The reservation that a link's token is about; null if it is about a user, or not valid. */
export async function reservationOfLink(
  { reservations, config }: ReservationLinkDeps,
  { token, purpose }: { token: string; purpose: LinkPurpose },
): Promise<Reservation | null> {
  const link = await verifyLink({
    token,
    purpose,
    async findUser(id) {
      const reservation = await findReservation(reservations, id)
      return reservation && { ...reservation, pendingEmail: null, deletingAt: null }
    },
    secrets: config.mailSecrets,
  })
  return link?.user ?? null
}

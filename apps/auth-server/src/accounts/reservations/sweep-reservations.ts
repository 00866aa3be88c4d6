import { repeat, type Logger } from 'service-kit'
import type { Reservations } from './reservation.model.ts'

const MINUTE_MS = 60 * 1000

/** Removes the reservations that have ended. */
export async function removeEnded(reservations: Reservations, now = new Date()): Promise<void> {
  await reservations.deleteMany({ endsAt: { $lte: now } })
}

/** Runs `removeEnded` every minute. Nothing depends on it: an ended reservation holds no name. */
export function sweepReservations({
  reservations,
  logger,
}: {
  reservations: Reservations
  logger: Logger
}): { stop: () => Promise<void> } {
  return repeat({
    what: 'removing ended reservations',
    everyMs: MINUTE_MS,
    logger,
    work: () => removeEnded(reservations),
  })
}

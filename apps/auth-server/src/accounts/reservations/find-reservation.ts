import { Types } from 'mongoose'
import { noPassword } from '../../users/hashing/hash-password.ts'
import { type Reservation, type Reservations, toReservation } from './reservation.model.ts'

/** The reservation with that id, if it can still become an account. */
export async function findReservation(
  reservations: Reservations,
  id: string,
  now = new Date(),
): Promise<Reservation | null> {
  if (!/^[0-9a-f]{24}$/.test(id)) return null
  const record = await reservations
    .findOne({
      _id: new Types.ObjectId(id),
      endsAt: { $gt: now },
      passwordHash: { $ne: noPassword },
    })
    .lean()
  return record && toReservation(record)
}

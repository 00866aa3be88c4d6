import { Types } from 'mongoose'
import { noPassword } from '../../users/hashing/hash-password.ts'
import type { Reservations } from './reservation.model.ts'

/**
 * The owner of the mailbox did not sign up: no link completes the reservation any more. The name
 * stays reserved until the end, as for an address that has an account, so that the person who signed up
 * learns nothing (R9). Signing up with the same name and address begins anew.
 */
export async function withdrawReservation(reservations: Reservations, id: string): Promise<void> {
  await reservations.updateOne(
    { _id: new Types.ObjectId(id) },
    { $set: { passwordHash: noPassword, mailedAt: new Date(0), outbox: [] } },
  )
}

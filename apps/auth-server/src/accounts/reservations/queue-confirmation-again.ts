import { mailEntry } from '../../mail/mail-entry.ts'
import { noPassword } from '../../users/hashing/hash-password.ts'
import type { Reservations } from './reservation.model.ts'

/**
 * Queues the e-mail of the newest reservation with that address again, if there is one.
 *
 * @param mail.id the same request may be processed twice
 */
export async function queueConfirmationAgain(
  reservations: Reservations,
  { id, emailKey }: { id: string; emailKey: string },
): Promise<void> {
  const now = new Date()
  const [newest] = await reservations
    .find({
      emailKey: { $eq: emailKey },
      endsAt: { $gt: now },
      passwordHash: { $ne: noPassword },
    })
    .sort({ createdAt: -1 })
    .limit(1)
    .lean()
  if (!newest) return
  const { _id, email: to } = newest
  await reservations.updateOne(
    { _id, 'outbox.id': { $ne: id } },
    { $push: { outbox: mailEntry({ kind: 'confirm', to, id }) } },
  )
}

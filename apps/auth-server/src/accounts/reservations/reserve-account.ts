import { Types } from 'mongoose'
import { usernameTaken } from '../../http/errors.ts'
import { mailEntry } from '../../mail/mail-entry.ts'
import { isDuplicate } from '../../storage/is-duplicate.ts'
import { normalizeIdentity } from '../../users/normalize-identity.ts'
import type { Reservations } from './reservation.model.ts'

/** As long as the link that completes it (`link-purposes.ts`). */
const LIFETIME_MS = 3 * 24 * 60 * 60 * 1000
/** A second sign-up within this time is a double click, or a retry after a lost answer. */
const AGAIN_MS = 5 * 60 * 1000

type NewReservation = { username: string; email: string; passwordHash: string }
type Keys = { usernameKey: string; emailKey: string }

/**
 * Reserves a name for the owner of an address, in one write with the e-mail that goes there. Nothing
 * here depends on whether the address has an account: the relay looks that up when it sends the
 * e-mail (R9, C25).
 *
 * If the name is already reserved with this address, the last password counts, and another e-mail
 * goes out after 5 minutes at the earliest.
 *
 * @throws Problem 409 `username_taken` if the name is reserved with another address
 */
export async function reserveAccount(
  reservations: Reservations,
  { username, email, passwordHash }: NewReservation,
): Promise<void> {
  const now = new Date()
  const names = {
    usernameKey: normalizeIdentity(username),
    emailKey: normalizeIdentity(email),
  }
  // The unique index would take an ended reservation for one that holds the name.
  await reservations.deleteOne({
    usernameKey: { $eq: names.usernameKey },
    endsAt: { $lte: now },
  })
  try {
    await reservations.create({
      _id: new Types.ObjectId(),
      ...names,
      username,
      email,
      passwordHash,
      createdAt: now,
      endsAt: new Date(now.getTime() + LIFETIME_MS),
      mailedAt: now,
      outbox: [mailEntry({ kind: 'confirm', to: email })],
    })
  } catch (error) {
    if (!isDuplicate(error)) throw error
    const isSame = await reserveAgain(reservations, { ...names, email, passwordHash }, now)
    if (!isSame) throw usernameTaken(error)
  }
}

/** Whether the name is reserved with this very address. */
async function reserveAgain(
  reservations: Reservations,
  { usernameKey, emailKey, email, passwordHash }: Keys & Omit<NewReservation, 'username'>,
  now: Date,
): Promise<boolean> {
  const same = {
    usernameKey: { $eq: usernameKey },
    emailKey: { $eq: emailKey },
    endsAt: { $gt: now },
  }
  const isOver = { mailedAt: { $lte: new Date(now.getTime() - AGAIN_MS) } }
  const mailed = await reservations.updateOne(
    { ...same, ...isOver },
    {
      $set: { passwordHash, mailedAt: now },
      $push: { outbox: mailEntry({ kind: 'confirm', to: email }) },
    },
  )
  if (mailed.matchedCount === 1) return true
  return (await reservations.updateOne(same, { $set: { passwordHash } })).matchedCount === 1
}

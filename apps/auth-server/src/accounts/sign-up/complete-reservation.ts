import type { Request } from 'express'
import { Types } from 'mongoose'
import { Problem, unavailable } from 'service-kit'
import { invalidLink } from '../../http/errors.ts'
import { attemptPassword } from '../../sign-in/attempts/attempt-password.ts'
import { insertUser } from '../../users/create-user.ts'
import { findUserById, findUserByLogin } from '../../users/find-user.ts'
import { compareDigest, digestPassword } from '../../users/hashing/hash-password.ts'
import type { User } from '../../users/user.model.ts'
import type { AccountDeps } from '../account-deps.ts'
import { claimAddress } from '../lifecycle/claim-address.ts'
import { usernameTakenMeanwhile, wrongSignUpPassword } from '../reservations/sign-up-errors.ts'
import type { Reservation } from '../reservations/reservation.model.ts'

/**
 * Makes the user of a reservation: confirmed, and with the password of the sign-up, in one write. The
 * link alone is not enough. Otherwise somebody could sign up with the address of another person, wait
 * until that person follows the link, and have an account under that address.
 *
 * An account with the address that nobody has confirmed gives way. Completing again is fine and
 * changes nothing.
 *
 * @returns the new user; null if another request was faster
 * @throws Problem 401 `invalid_credentials` if the password is wrong; 409 `username_taken`; 400
 *   `invalid_or_expired_token` if the address has an account by now; 429, 503
 */
export async function completeReservation(
  deps: AccountDeps,
  reservation: Reservation,
  { password, req }: { password: string; req: Request },
): Promise<User | null> {
  await checkSignUpPassword(deps, reservation, { password, req })
  const { id, username, email, passwordHash } = reservation
  const user = { id, username, email, passwordHash, roles: [], verifiedAt: new Date() }
  const insert = () => insertUser(deps.users, user)
  const made = await claimAddress(deps, { email, from: req }, insert).catch((error: unknown) =>
    explainTaken(deps, reservation, error),
  )
  // It also expires on its own.
  await deps.reservations.deleteOne({ _id: new Types.ObjectId(id) }).catch(() => undefined)
  return made
}

/** In the budgets of all passwords, with an account of its own: nobody else can use it up. */
async function checkSignUpPassword(
  deps: AccountDeps,
  { id, passwordHash }: Reservation,
  { password, req }: { password: string; req: Request },
): Promise<void> {
  const attempt = { req, way: 'sign_up', as: { login: `sign-up ${id}` } } as const
  await attemptPassword(deps, attempt, async () => {
    if (!(await compareDigest(digestPassword(password), passwordHash))) throw wrongSignUpPassword()
  })
}

/** Null if this very reservation was completed by another request. */
async function explainTaken(
  { users, config }: AccountDeps,
  { id, email }: Reservation,
  error: unknown,
): Promise<null> {
  if (!(error instanceof Problem) || error.status !== 409) throw error
  if ((await findUserById(users, id))?.verifiedAt) return null
  if (error.code === 'username_taken') throw usernameTakenMeanwhile(error)
  if ((await findUserByLogin(users, email))?.deletingAt) throw unavailable()
  throw invalidLink(config.contactUrl)
}

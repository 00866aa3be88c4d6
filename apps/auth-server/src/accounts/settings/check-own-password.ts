import { checkStillSignedIn } from '../../sessions/still-signed-in.ts'
import type { AccountDeps } from '../account-deps.ts'
import type { Request } from 'express'
import { notSignedIn, wrongPassword } from '../../http/errors.ts'
import { type AttemptDeps, attemptPassword } from '../../sign-in/attempts/attempt-password.ts'
import { checkPassword } from '../../users/check-password.ts'
import { findUserById } from '../../users/find-user.ts'
import { hashCost } from '../../users/hashing/hash-password.ts'
import type { User, Users } from '../../users/user.model.ts'

/**
 * Checks the password of the signed-in user again (R6, R20). Wrong guesses count together with those
 * at sign-in (R10, R12).
 *
 * @returns the user as stored
 * @throws Problem 401 `invalid_credentials`; 401 `not_signed_in` if the session ended meanwhile; 429
 *   as `attemptPassword`
 */
export async function checkOwnPassword(
  deps: AttemptDeps & Pick<AccountDeps, 'users' | 'store'>,
  { req, password }: { req: Request; password: string },
): Promise<User> {
  if (!req.user) throw notSignedIn()
  const { id, username } = req.user
  const attempt = { req, way: 'account', as: { user: { id, username } } } as const
  const user = await attemptPassword(deps, attempt, () => checkStored(deps, id, password))
  await checkStillSignedIn(deps, req)
  return user
}

async function checkStored(
  { users, config }: Pick<AttemptDeps, 'config'> & { users: Users },
  id: string,
  password: string,
): Promise<User> {
  const user = await findUserById(users, id)
  // At the stored cost, so that nothing is rehashed: later steps compare with the hash read here.
  const cost = (user && hashCost(user.passwordHash)) ?? config.bcryptCost
  const isRight = await checkPassword({ users, cost }, { user, password })
  if (!user || !isRight) throw wrongPassword()
  return user
}

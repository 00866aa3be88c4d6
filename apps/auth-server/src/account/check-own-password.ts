import type { Request } from 'express'
import { notSignedIn, wrongPassword } from '../errors.ts'
import type { RouteDeps } from '../route-deps.ts'
import { checkPassword } from '../users/check-password.ts'
import { findUserById } from '../users/find-user.ts'
import { hashCost } from '../users/hash-password.ts'
import type { User } from '../users/user.model.ts'

/**
 * The signed-in user as stored, with the password given once more (R6, R20).
 *
 * @throws Problem 401 `invalid_credentials`
 */
export async function checkOwnPassword(
  { users, config }: Pick<RouteDeps, 'users' | 'config'>,
  { req, password }: { req: Request; password: string },
): Promise<User> {
  if (!req.user) throw notSignedIn()
  const user = await findUserById(users, req.user.id)
  // No better hash in passing, as at sign-in: what follows is compared with the one read here.
  const cost = (user && hashCost(user.passwordHash)) ?? config.bcryptCost
  const isRight = await checkPassword({ users, cost }, { user, password })
  if (!user || !isRight) throw wrongPassword()
  return user
}

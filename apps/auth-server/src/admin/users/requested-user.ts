import type { Request } from 'express'
import { pageNotFound } from 'service-kit'
import { ownAccount } from '../../http/errors.ts'
import { findUserById } from '../../users/find-user.ts'
import type { User, Users } from '../../users/user.model.ts'

/**
 * The user that the URL names.
 *
 * @throws Problem 404 if the user does not exist
 */
export async function requestedUser({ users }: { users: Users }, req: Request): Promise<User> {
  const user = await findUserById(users, String(req.params.id))
  if (!user) throw pageNotFound()
  return user
}

/** @throws Problem 403 `own_account` if admins do this to themselves */
export function refuseForOneself(req: Request): void {
  if (isOneself(req)) throw ownAccount()
}

/** Whether the URL names the admin who sends the request. */
export function isOneself(req: Request): boolean {
  return req.user?.id === req.params.id
}

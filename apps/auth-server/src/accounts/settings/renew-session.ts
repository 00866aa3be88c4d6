import { randomUUID } from 'node:crypto'
import type { Request } from 'express'
import { signInOvertaken } from '../../http/errors.ts'
import type { AccountDeps } from '../account-deps.ts'
import { startSession } from '../../sessions/start-session.ts'
import { findUserById } from '../../users/find-user.ts'
import { publicUser } from '../../users/public-user.ts'
import type { User } from '../../users/user.model.ts'

/**
 * After every session of the user was ended: gives this browser a new one, which holds the user as
 * stored now. It reads the epoch first and the user second, so that one or the other shows a reset
 * that came between.
 *
 * @param expected what the user has to be like still
 * @param options.hasPassword whether the password was given just now; else it counts from when it was
 * @throws Problem `sign_in_overtaken`
 */
export async function renewSession(
  deps: Pick<AccountDeps, 'config' | 'users' | 'store' | 'redis' | 'keyPrefix'>,
  req: Request,
  expected: Pick<User, 'id' | 'passwordHash' | 'emailKey'>,
  { hasPassword }: { hasPassword: boolean },
): Promise<void> {
  const epoch = await deps.store.readEpoch(expected.id)
  const user = await findUserById(deps.users, expected.id)
  if (!user || !isStill(user, expected)) throw signInOvertaken()
  const { at = 0, amr = ['pwd'] } = req.session.signIn ?? {}
  const signedInAt = hasPassword ? Date.now() : at
  // It has ended with the others: another one begins.
  req.session.signIn = { id: randomUUID(), at: signedInAt }
  await startSession(deps, req, { user: publicUser(user), epoch, amr, signedInAt })
}

function isStill(user: User, expected: Pick<User, 'passwordHash' | 'emailKey'>): boolean {
  const isSame = user.passwordHash === expected.passwordHash && user.emailKey === expected.emailKey
  return isSame && user.suspendedAt === null && user.deletingAt === null
}

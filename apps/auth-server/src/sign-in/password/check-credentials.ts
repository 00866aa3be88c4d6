import type { PublicUser } from 'auth-kit/passport'
import type { SessionStore } from 'auth-kit/session'
import type { UserDirectory } from '../../users/user-directory.ts'
import { accountSuspended, invalidCredentials, notConfirmed } from '../../http/errors.ts'
import { publicUser } from '../../users/public-user.ts'

/** An id that nobody has, so that an unknown name takes the same steps as a known one. */
const NOBODY = '000000000000000000000000'

/** A user whose password is right, and the epoch for `startSession` to compare. */
export type Credentials = { user: PublicUser; epoch: string | null }

/**
 * Finds the user with this name or e-mail address and password.
 *
 * `id` is the account that the login was found to belong to. The epoch is read before the user: if a
 * reset, a suspension or a change of roles ends all sessions meanwhile, either this user is already the
 * changed one or the epoch differs.
 *
 * @throws Problem `invalid_credentials`, the same and after the same work whether or not the user exists,
 *   and for one who is being deleted; `not_confirmed` and `account_suspended` only if the password is right
 */
export async function checkCredentials(
  { directory, store }: { directory: UserDirectory; store: SessionStore },
  { id = NOBODY, login, password }: { id?: string | undefined; login: string; password: string },
): Promise<Credentials> {
  const epoch = await store.readEpoch(id)
  const user = await directory.checkPassword({ login, password })
  // Another id: the name now belongs to another account, whose epoch was not read.
  if (!user || user.id !== id || user.deletingAt !== null) throw invalidCredentials()
  if (user.verifiedAt === null) throw notConfirmed()
  if (user.suspendedAt !== null) throw accountSuspended()
  return { user: publicUser(user), epoch }
}

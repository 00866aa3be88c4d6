import type { PublicUser } from 'auth-kit/passport'
import type { SessionStore } from 'auth-kit/session'
import type { UserDirectory } from '../../users/user-directory.ts'
import { accountSuspended, invalidCredentials, notConfirmed } from '../../http/errors.ts'
import { publicUser } from '../../users/public-user.ts'

/** An id nobody has, so that an unknown name takes the same steps as a known one. */
const NOBODY = '000000000000000000000000'

/** A user whose password was right, and the epoch that `startSession` compares. */
export type Credentials = { user: PublicUser; epoch: string | null }

/**
 * The user with that name or e-mail address and that password.
 *
 * `id` is the account's that the login was found to be of; the epoch is read before the user: when a reset, a suspension or a change of roles ends all
 * sessions while this runs, either the user read here is the changed one or the epoch tells.
 *
 * @throws Problem `invalid_credentials`, the same and after the same work whether or not there is
 *   such a user, and for one who is being deleted; `not_confirmed` and `account_suspended` only to
 *   somebody who knows the password
 */
export async function checkCredentials(
  { directory, store }: { directory: UserDirectory; store: SessionStore },
  { id = NOBODY, login, password }: { id?: string | undefined; login: string; password: string },
): Promise<Credentials> {
  const epoch = await store.readEpoch(id)
  const user = await directory.checkPassword({ login, password })
  // Another id: the name has passed to another account since, whose epoch was not read.
  if (!user || user.id !== id || user.deletingAt !== null) throw invalidCredentials()
  if (user.verifiedAt === null) throw notConfirmed()
  if (user.suspendedAt !== null) throw accountSuspended()
  return { user: publicUser(user), epoch }
}

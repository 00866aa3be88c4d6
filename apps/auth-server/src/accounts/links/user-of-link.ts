import type { Config } from '../../config/config.ts'
import { invalidLink } from '../../http/errors.ts'
import { findUserById } from '../../users/find-user.ts'
import type { User, Users } from '../../users/user.model.ts'
import type { LinkPurpose } from './link-purposes.ts'
import { type VerifiedLink, verifyLink } from './signed-link.ts'

/** The dependencies for checking a link. */
export type LinkDeps = { users: Users; config: Pick<Config, 'mailSecrets' | 'contactUrl'> }

/**
 * The user that a link's token is about.
 *
 * @throws Problem 400 `invalid_or_expired_token`
 */
export async function userOfLink(
  { users, config }: LinkDeps,
  { token, purpose }: { token: string; purpose: LinkPurpose },
): Promise<VerifiedLink<User>> {
  const link = await verifyLink({
    token,
    purpose,
    findUser: (id) => findUserById(users, id),
    secrets: config.mailSecrets,
  })
  if (!link) throw invalidLink(config.contactUrl)
  return link
}

import { isActive } from '../../users/user-directory.ts'
import { findClient } from '../clients/find-client.ts'
import { findFamily, stateOfFamily } from '../families/find-family.ts'
import { invalidGrant } from '../oauth-error.ts'
import type { TokenDeps } from '../oauth-deps.ts'

type Grant = { client: { id: string }; family: { id: string; userId: string } }

/**
 * Refuses tokens of a grant that has ended while they were made: its family, its sign-in, its user or
 * its client. Ask it last, right before they are handed out: an access token is good everywhere until
 * it expires.
 *
 * @throws Problem 400 `invalid_grant`
 */
export async function checkGrant(deps: TokenDeps, { client, family }: Grant): Promise<void> {
  const [stored, user, known] = await Promise.all([
    findFamily(deps.families, family.id),
    deps.directory.findById(family.userId),
    findClient(deps.clients, client.id),
  ])
  const goesOn =
    stored && user && isActive(user) && known && (await stateOfFamily(deps, stored)) === 'active'
  if (!goesOn) throw invalidGrant('What these tokens are from has ended. Sign in again.')
}

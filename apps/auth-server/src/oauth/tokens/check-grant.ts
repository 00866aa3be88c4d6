import { isActive } from '../../users/user-directory.ts'
import { findClient } from '../clients/find-client.ts'
import { findFamily, stateOfFamily } from '../families/find-family.ts'
import { invalidGrant } from '../oauth-error.ts'
import type { TokenDeps } from '../oauth-deps.ts'

type Grant = { client: { id: string }; family: { id: string; userId: string } }

/**
 * Refuses tokens whose family, SSO session, user or client has ended while they were made. Call it last,
 * right before the tokens are handed out: an access token is accepted everywhere until it expires.
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
  if (!goesOn) throw invalidGrant('The grant behind these tokens has ended. Sign in again.')
}

import type { Client } from '../clients/client.model.ts'
import type { Family } from '../families/family.model.ts'
import { invalidGrant } from '../oauth-error.ts'
import { readAccessToken } from './read-access-token.ts'
import type { TokenDeps } from '../oauth-deps.ts'

/**
 * Refuses an access token, expired or not, that is not of that family.
 *
 * @throws Problem 400 `invalid_grant`
 */
export async function checkFamilyOf(
  deps: TokenDeps,
  client: Client,
  { accessToken = '', family }: { accessToken?: string | undefined; family: Family },
): Promise<void> {
  const token = await readAccessToken(deps.config.issuer, client, accessToken)
  if (token?.familyId !== family.id)
    throw invalidGrant('The access token does not belong to the refresh token.')
}

import type { Client } from '../clients/client.model.ts'
import type { Family } from './family.model.ts'
import { invalidGrant } from './oauth-error.ts'
import { readAccessToken } from './read-access-token.ts'
import type { TokenDeps } from './token-deps.ts'

/**
 * Whether an access token, expired or not, is one of that family.
 *
 * @throws Problem 400 `invalid_grant`
 */
export async function belongsToFamily(
  deps: TokenDeps,
  client: Client,
  { accessToken = '', family }: { accessToken?: string | undefined; family: Family },
): Promise<void> {
  const token = await readAccessToken(deps.config.issuer, client, accessToken)
  if (token?.familyId !== family.id)
    throw invalidGrant('The access token does not belong to the refresh token.')
}

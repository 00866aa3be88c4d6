import type { Client } from '../clients/client.model.ts'
import type { Family } from '../families/family.model.ts'
import { issueAccessToken } from './issue-tokens.ts'
import { mintRefreshToken } from './refresh-token.ts'
import type { TokenPair } from './token-answers.ts'
import type { TokenDeps } from '../oauth-deps.ts'

/** A family's present refresh token, and a fresh access token. */
export async function tokenPair(
  deps: Pick<TokenDeps, 'keyring' | 'config'>,
  grant: { client: Client; family: Family; scope?: string },
): Promise<TokenPair> {
  const [{ accessToken, expiresIn, scope }, refreshToken] = await Promise.all([
    issueAccessToken(deps, grant),
    mintRefreshToken(deps, grant.family),
  ])
  return {
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: expiresIn,
    refresh_token: refreshToken,
    scope,
  }
}

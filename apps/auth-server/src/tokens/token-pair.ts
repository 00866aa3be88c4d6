import type { Client } from '../clients/client.model.ts'
import type { Keyring } from '../clients/keyring.ts'
import type { Family } from './family.model.ts'
import { issueAccessToken } from './issue-access-token.ts'
import { mintRefreshToken } from './refresh-token.ts'

/** An answer of the token endpoint (RFC 6749 §5.1). */
export type TokenPair = {
  access_token: string
  token_type: 'Bearer'
  /** Seconds. */
  expires_in: number
  refresh_token: string
  scope: string
}

/** A family's present refresh token, and a fresh access token. */
export async function tokenPair(
  deps: { keyring: Keyring; issuer: string; accessTokenSeconds: number },
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

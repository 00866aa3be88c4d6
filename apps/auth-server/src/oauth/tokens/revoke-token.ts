import type { AuditSource } from '../../audit/build-audit-record.ts'
import type { Client } from '../clients/client.model.ts'
import { endFamily } from '../families/end-family.ts'
import { findFamily, userOfFamily } from '../families/find-family.ts'
import { invalidGrant } from '../oauth-error.ts'
import { readAccessToken } from '../clients/read-access-token.ts'
import { readRefreshToken } from './refresh-token.ts'
import type { TokenDeps } from '../oauth-deps.ts'

/**
 * Ends the family that a refresh or access token belongs to (RFC 7009). An unknown token counts as
 * revoked.
 *
 * @throws Problem 400 `invalid_grant` for another client’s token
 */
export async function revokeToken(
  deps: TokenDeps,
  client: Client,
  { token, from }: { token: string; from: AuditSource },
): Promise<void> {
  const familyId = await familyOfToken(deps, client, token)
  if (familyId === undefined) return
  const ended = await endFamily(deps.families, familyId, 'revoked', { clientId: client.id })
  if (ended) deps.audit.tokenRevoked(from, { user: await userOfFamily(deps, ended), client })
  else await checkOwner(deps, client, familyId)
}

async function checkOwner(deps: TokenDeps, client: Client, familyId: string): Promise<void> {
  const family = await findFamily(deps.families, familyId)
  if (family && family.clientId !== client.id)
    throw invalidGrant('The token belongs to another client.')
}

async function familyOfToken(
  deps: TokenDeps,
  client: Client,
  token: string,
): Promise<string | undefined> {
  const refresh = await readRefreshToken(deps, token).catch(() => undefined)
  if (refresh) return refresh.familyId
  return (await readAccessToken(deps.config.issuer, client, token))?.familyId
}

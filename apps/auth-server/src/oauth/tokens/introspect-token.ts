import type { Client } from '../clients/client.model.ts'
import { findFamily, stateOfFamily } from '../families/find-family.ts'
import { readPublishedToken } from '../clients/read-access-token.ts'
import type { TokenDeps } from '../oauth-deps.ts'

/** An answer of RFC 7662 §2.2, with the reason if the token is inactive. */
export type Introspection =
  | ({ active: true; token_type: 'Bearer' } & Record<string, unknown>)
  | { active: false; reason: 'expired' | 'revoked' | 'invalid' }

/** Checks a token for a resource server. Only a token for this resource server can be active. */
export async function introspectToken(
  deps: TokenDeps,
  resourceServer: Client,
  token: string,
): Promise<Introspection> {
  const read = await readPublishedToken(deps, token)
  if (!read || read.claims.aud !== resourceServer.audience)
    return { active: false, reason: 'invalid' }
  if (read.familyId === undefined)
    return read.expired
      ? { active: false, reason: 'expired' }
      : { active: true, token_type: 'Bearer', ...read.claims }
  const family = await findFamily(deps.families, read.familyId)
  const state = family ? await stateOfFamily(deps, family) : undefined
  if (state === 'revoked') return { active: false, reason: 'revoked' }
  if (read.expired || state === 'expired') return { active: false, reason: 'expired' }
  if (state !== 'active') return { active: false, reason: 'revoked' }
  return { active: true, token_type: 'Bearer', ...read.claims }
}

import { SignJWT } from 'jose'
import { idTokenKey } from '../clients/id-token-key.ts'
import type { Client } from '../clients/client.model.ts'
import type { Family } from '../families/family.model.ts'
import type { TokenDeps } from '../oauth-deps.ts'

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
const GOOD_FOR_SECONDS = 120

/**
 * The notice to a client that an SSO session has ended (Back-Channel Logout 1.0 §2.4). It has the key and
 * the `sid` of the client's id_tokens. The `jti` stays the same, however often it is sent.
 */
export async function logoutToken(
  deps: Pick<TokenDeps, 'clients' | 'keyring' | 'config'>,
  { client, family }: { client: Client; family: Pick<Family, 'id' | 'userId'> },
): Promise<string> {
  const key = await idTokenKey(deps, client)
  const now = Math.floor(Date.now() / 1000)
  return await new SignJWT({ sid: family.id, events: { [EVENT]: {} } })
    .setProtectedHeader({ alg: key.alg, typ: 'logout+jwt', kid: key.kid })
    .setIssuer(deps.config.issuer)
    .setSubject(family.userId)
    .setAudience(client.id)
    .setIssuedAt(now)
    .setExpirationTime(now + GOOD_FOR_SECONDS)
    .setJti(`logout-${family.id}`)
    .sign(await deps.keyring.unlock(key.privateKey, key.alg))
}

import { importJWK, jwtVerify } from 'jose'
import { z } from 'zod'
import type { Client } from '../clients/client.model.ts'
import { publicJwk } from '../clients/signing-keys.ts'
import { invalidRequest } from '../oauth-error.ts'
import { keyIdOf } from '../clients/read-access-token.ts'

/** The user and the family that an id_token names. */
export type IdTokenHint = { userId: string; familyId: string }

const claimsSchema = z.object({ sub: z.string(), sid: z.string() })

/**
 * Verifies an id_token that this server issued to the client. It may have expired (OpenID Connect Core
 * §3.1.2.1, RP-Initiated Logout 1.0 §2). Only the client's own keys count, so that no other client's
 * id_token passes.
 *
 * @throws Problem 400 `invalid_request` for anything else
 */
export async function readIdTokenHint(
  issuer: string,
  client: Pick<Client, 'id' | 'keys'>,
  token: string,
): Promise<IdTokenHint> {
  const kid = keyIdOf(token)
  const key = client.keys.find((key) => key.kid === kid)
  if (!key) throw invalidHint()
  try {
    const { payload } = await jwtVerify(token, await importJWK(publicJwk(key), key.alg), {
      algorithms: [key.alg],
      typ: 'JWT',
      issuer,
      audience: client.id,
      requiredClaims: ['sub', 'exp', 'iat'],
      currentDate: new Date(0),
    })
    const { sub, sid } = claimsSchema.parse(payload)
    return { userId: sub, familyId: sid }
  } catch {
    throw invalidHint()
  }
}

function invalidHint() {
  return invalidRequest('id_token_hint is not an id_token that this server issued to the client.')
}

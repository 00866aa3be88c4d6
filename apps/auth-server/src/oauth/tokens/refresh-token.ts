import { jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import type { Family } from '../families/family.model.ts'
import { invalidGrant } from '../oauth-error.ts'
import type { TokenDeps } from '../oauth-deps.ts'

const TYPE = 'rt+jwt'
const ALGORITHM = 'HS256'

type Deps = Pick<TokenDeps, 'keyring' | 'config'>

/** The content of a refresh token: the client, the family, and the token's number in it. */
export type RefreshClaims = {
  clientId: string
  familyId: string
  counter: number
  /** When its family ends. */
  expiresAt: Date
}

const claimsSchema = z.object({
  client_id: z.string(),
  sid: z.string(),
  counter: z.int(),
  exp: z.number(),
})

/**
 * Makes the refresh token for a family's current number: a JWT that only this server reads. The result
 * is always identical, so it can be handed out twice without being stored.
 */
export async function mintRefreshToken({ keyring, config }: Deps, family: Family): Promise<string> {
  const [key] = keyring.refreshKeys()
  if (key === undefined) throw new TypeError('a keyring needs at least one secret')
  const claims = { client_id: family.clientId, sid: family.id, counter: family.counter }
  return await new SignJWT(claims)
    .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
    .setIssuer(config.issuer)
    .setExpirationTime(family.expiresAt)
    .sign(key)
}

/**
 * Verifies a refresh token.
 *
 * @throws Problem 400 `invalid_grant` if it is not from this server or has expired (R54)
 */
export async function readRefreshToken(deps: Deps, token: string): Promise<RefreshClaims> {
  const { client_id: clientId, sid: familyId, counter, exp } = await verifyWithAny(deps, token)
  return { clientId, familyId, counter, expiresAt: new Date(exp * 1000) }
}

async function verifyWithAny({ keyring, config }: Deps, token: string) {
  const { issuer } = config
  const options = { issuer, algorithms: [ALGORITHM], typ: TYPE, requiredClaims: ['exp'] }
  const attempts = keyring.refreshKeys().map((key) => jwtVerify(token, key, options))
  const verified = await Promise.any(attempts).catch(() => undefined)
  const claims = claimsSchema.safeParse(verified?.payload)
  if (!claims.success) throw invalidGrant('The refresh token is unknown or has expired.')
  return claims.data
}

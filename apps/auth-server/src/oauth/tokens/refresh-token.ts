import { jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import type { Family } from '../families/family.model.ts'
import { invalidGrant } from '../oauth-error.ts'
import type { TokenDeps } from '../oauth-deps.ts'

const TYPE = 'rt+jwt'
const ALGORITHM = 'HS256'

type Deps = Pick<TokenDeps, 'keyring' | 'config'>

/** What a refresh token says: the client, the family, and its number in it. */
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
 * The refresh token of a family's present number: a JWT of this server alone, and the same text to
 * the letter each time, so that none has to be stored to be handed out twice.
 */
export async function mintRefreshToken({ keyring, config }: Deps, family: Family): Promise<string> {
  const [key] = keyring.refreshKeys
  if (key === undefined) throw new TypeError('a keyring needs at least one secret')
  const claims = { client_id: family.clientId, sid: family.id, counter: family.counter }
  return await new SignJWT(claims)
    .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
    .setIssuer(config.issuer)
    .setExpirationTime(family.expiresAt)
    .sign(key)
}

/**
 * @throws Problem 400 `invalid_grant` for what is no refresh token of this server, or is over (R54)
 */
export async function readRefreshToken(deps: Deps, token: string): Promise<RefreshClaims> {
  const { client_id: clientId, sid: familyId, counter, exp } = await verifyWithAny(deps, token)
  return { clientId, familyId, counter, expiresAt: new Date(exp * 1000) }
}

async function verifyWithAny({ keyring, config }: Deps, token: string) {
  const { issuer } = config
  const options = { issuer, algorithms: [ALGORITHM], typ: TYPE, requiredClaims: ['exp'] }
  const attempts = keyring.refreshKeys.map((key) => jwtVerify(token, key, options))
  const verified = await Promise.any(attempts).catch(() => undefined)
  const claims = claimsSchema.safeParse(verified?.payload)
  if (!claims.success) throw invalidGrant('The refresh token is not known or has expired.')
  return claims.data
}

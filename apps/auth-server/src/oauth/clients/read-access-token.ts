import { decodeProtectedHeader, importJWK, jwtVerify, type JWTPayload } from 'jose'
import { z } from 'zod'
import type { Client, SigningKey } from './client.model.ts'
import { findCachedClientByKey } from './find-client.ts'
import { publicJwk, publishedKeys } from './signing-keys.ts'
import type { TokenDeps } from '../oauth-deps.ts'

export type AccessToken = {
  /** Undefined for a machine's token, which belongs to no user. */
  familyId: string | undefined
  clientId: string
  expired: boolean
  claims: JWTPayload
}

const claimsSchema = z.object({
  sid: z.string().optional(),
  client_id: z.string(),
  exp: z.number(),
})

/** No token of this server is longer. */
const MAX_LENGTH = 8192

/**
 * Verifies an access token of a client, expired or not; undefined for anything else. The `kid` is looked
 * up among the given keys only, and each key verifies only its own algorithm (RFC 8725 §3.1, §3.10).
 *
 * @param client with the keys to accept: all stored ones, or only the published ones
 */
export async function readAccessToken(
  issuer: string,
  client: Pick<Client, 'id' | 'keys'>,
  token: string,
): Promise<AccessToken | undefined> {
  if (token.length > MAX_LENGTH) return undefined
  const kid = keyIdOf(token)
  const key = client.keys.find((key) => key.kid === kid)
  return key && (await readWith(key, { issuer, clientId: client.id, token }))
}

async function readWith(
  key: SigningKey,
  { issuer, clientId, token }: { issuer: string; clientId: string; token: string },
): Promise<AccessToken | undefined> {
  try {
    const { payload } = await jwtVerify(token, await verifyingKey(key), {
      algorithms: [key.alg],
      typ: 'at+jwt',
      issuer,
      requiredClaims: ['exp', 'aud', 'sub', 'jti', 'iat'],
      // The caller decides what an expired token is worth.
      currentDate: new Date(0),
    })
    const { sid, client_id, exp } = claimsSchema.parse(payload)
    if (client_id !== clientId) return undefined
    return { familyId: sid, clientId, expired: exp * 1000 <= Date.now(), claims: payload }
  } catch {
    return undefined
  }
}

/** `readAccessToken` for a token of any client, by the keys that are published now. */
export async function readPublishedToken(
  { clients, config }: Pick<TokenDeps, 'clients' | 'config'>,
  token: string,
): Promise<AccessToken | undefined> {
  const kid = keyIdOf(token)
  const client = kid === undefined ? null : await findCachedClientByKey(clients, kid)
  if (!client) return undefined
  const keys = publishedKeys(client.keys, config)
  return await readAccessToken(config.issuer, { id: client.id, keys }, token)
}

// Importing a key takes longer than using it. Entries live as long as the remembered client.
const imported = new WeakMap<SigningKey, ReturnType<typeof importJWK>>()

function verifyingKey(key: SigningKey): ReturnType<typeof importJWK> {
  const known = imported.get(key) ?? importJWK(publicJwk(key), key.alg)
  imported.set(key, known)
  return known
}

/** The `kid` in a token's header. It is not verified. */
export function keyIdOf(token: string): string | undefined {
  try {
    // The library's type says string, but the header may hold anything.
    const { kid } = decodeProtectedHeader(token)
    return typeof kid === 'string' ? kid : undefined
  } catch {
    return undefined
  }
}

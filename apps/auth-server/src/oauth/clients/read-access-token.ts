import { decodeProtectedHeader, importJWK, jwtVerify, type JWTPayload } from 'jose'
import { z } from 'zod'
import type { Client, SigningKey } from './client.model.ts'
import { recallClientByKey } from './find-client.ts'
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

/** Long enough for any token of ours. */
const MAX_LENGTH = 8192

/**
 * What an access token of that client says, expired or not; undefined for anything else. The `kid` is
 * looked up among these keys and nowhere else, and each verifies by its own algorithm alone (RFC 8725
 * §3.1, §3.10).
 *
 * @param client with the keys that count: all it ever had, or those published
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
      // Whether it has expired is the caller's question.
      currentDate: new Date(0),
    })
    const { sid, client_id, exp } = claimsSchema.parse(payload)
    if (client_id !== clientId) return undefined
    return { familyId: sid, clientId, expired: exp * 1000 <= Date.now(), claims: payload }
  } catch {
    return undefined
  }
}

/** The same for a token of whichever client, by the keys that are published now. */
export async function readPublishedToken(
  { clients, config }: Pick<TokenDeps, 'clients' | 'config'>,
  token: string,
): Promise<AccessToken | undefined> {
  const kid = keyIdOf(token)
  const client = kid === undefined ? null : await recallClientByKey(clients, kid)
  if (!client) return undefined
  const keys = publishedKeys(client.keys, config)
  return await readAccessToken(config.issuer, { id: client.id, keys }, token)
}

// Of keys as they are remembered with their client: importing one takes longer than using it.
const imported = new WeakMap<SigningKey, ReturnType<typeof importJWK>>()

function verifyingKey(key: SigningKey): ReturnType<typeof importJWK> {
  const known = imported.get(key) ?? importJWK(publicJwk(key), key.alg)
  imported.set(key, known)
  return known
}

/** The key that a token names, without any trust in it. */
export function keyIdOf(token: string): string | undefined {
  try {
    // A library's type says so; the header may hold anything.
    const { kid } = decodeProtectedHeader(token)
    return typeof kid === 'string' ? kid : undefined
  } catch {
    return undefined
  }
}

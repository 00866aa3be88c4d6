import { askRedis, type RedisClient } from 'auth-kit/session'
import { createLocalJWKSet, decodeJwt, errors, jwtVerify, type JWTPayload } from 'jose'
import type { Config } from '../../config/config.ts'
import { paths } from '../../http/paths.ts'
import { keyDigest } from '../../storage/key-digest.ts'
import { invalidClient } from '../oauth-error.ts'
import { assertionAlgorithms } from './client-input.ts'
import type { Client, ClientKind, Clients } from './client.model.ts'
import { findClient, findCachedClient } from './find-client.ts'

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** The longest lifetime of an assertion. Its `jti` is remembered that long. */
const LONGEST_SECONDS = 300
const CLOCK_TOLERANCE_SECONDS = 5

/** The types of an assertion: the general one, and its own (draft-ietf-oauth-rfc7523bis). */
const types = ['jwt', 'client-authentication+jwt']

type Deps = {
  clients: Clients
  redis: RedisClient
  keyPrefix: string
  config: Pick<Config, 'issuer'>
}

/**
 * Finds the client that signed an assertion with its private key (`private_key_jwt`, RFC 7523 §3). The
 * assertion must be for this server alone, expire within five minutes and carry a `jti` that was not used yet.
 *
 * @param options.kinds the kinds that may make this request
 * @throws Problem 401 `invalid_client`; AuthError 503 while Redis is down
 */
export async function authenticateByAssertion(
  deps: Deps,
  assertion: string,
  { kinds }: { kinds: readonly ClientKind[] },
): Promise<Client> {
  const id = issuerOf(assertion)
  // Another process may have changed the keys since the client was read into memory.
  for (const find of [findCachedClient, findClient]) {
    // oxlint-disable-next-line no-await-in-loop -- the second one is rarely needed
    const client = await find(deps.clients, id)
    // oxlint-disable-next-line no-await-in-loop
    const claims = client?.jwks && (await verify(deps, client, assertion))
    if (!client || !claims || !kinds.includes(client.kind)) continue
    // oxlint-disable-next-line no-await-in-loop
    await useOnce(deps, client, claims)
    return client
  }
  throw invalidClient()
}

/** The client that the assertion claims to be from. Its keys verify that later. */
function issuerOf(assertion: string): string {
  try {
    return decodeJwt(assertion).iss ?? ''
  } catch {
    throw invalidClient()
  }
}

async function verify(
  { config: { issuer } }: Deps,
  { id, jwks }: Client,
  assertion: string,
): Promise<JWTPayload | undefined> {
  if (!jwks) return undefined
  try {
    // Newer clients send the issuer, older ones the URL of the endpoint (RFC 7523 §3).
    const audience = [issuer, `${issuer}${paths.token}`]
    const { payload, protectedHeader } = await jwtVerify(assertion, createLocalJWKSet(jwks), {
      algorithms: [...assertionAlgorithms],
      issuer: id,
      subject: id,
      audience,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      requiredClaims: ['exp', 'jti'],
    })
    if (!isOfType(protectedHeader) || !isForNobodyElse(payload, audience)) return undefined
    const { exp = 0, jti } = payload
    const isShort = exp <= Date.now() / 1000 + LONGEST_SECONDS + CLOCK_TOLERANCE_SECONDS
    return isShort && typeof jti === 'string' && jti !== '' ? payload : undefined
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined
    throw error
  }
}

/** A token of another type, such as an access token, is no assertion (RFC 8725 §3.11). */
function isOfType({ typ }: { typ?: string | undefined }): boolean {
  return typ === undefined || types.includes(typ.toLowerCase().replace(/^application\//, ''))
}

/** An assertion that another server accepts, too, may have been sent to that server (CVE-2025-27370). */
function isForNobodyElse({ aud = [] }: JWTPayload, audience: readonly string[]): boolean {
  return [aud].flat().every((name) => audience.includes(name))
}

async function useOnce(
  { redis, keyPrefix }: Deps,
  { id }: Client,
  { jti, exp = 0 }: JWTPayload,
): Promise<void> {
  const key = `${keyPrefix}assertion:${keyDigest(`${id} ${jti}`)}`
  const endsAt = (exp + CLOCK_TOLERANCE_SECONDS) * 1000
  const set = await askRedis(redis, (redis) => redis.set(key, '1', 'PXAT', endsAt, 'NX'))
  if (set !== 'OK') throw invalidClient()
}

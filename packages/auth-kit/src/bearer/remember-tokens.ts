import { createHash } from 'node:crypto'
import type { CryptoKey } from 'jose'
import { LRUCache } from 'lru-cache'
import type { AccessToken } from '../access-token/access-token.ts'
import { CLOCK_TOLERANCE_SECONDS } from '../access-token/clock-tolerance.ts'
import { verifyWithKey, type VerifyOptions } from '../access-token/verify-access-token.ts'

/** The most tokens to remember at a time. */
const MOST_KNOWN = 10_000

type KnownToken = { accessToken: AccessToken; kid: string; key: CryptoKey; begins: number }

/**
 * A `verifyAccessToken` that verifies each token once and then remembers it by its hash, until the
 * token expires or its key is removed or fetched again.
 */
export function rememberTokens(options: VerifyOptions): (token: string) => Promise<AccessToken> {
  const known = new LRUCache<string, KnownToken>({ max: MOST_KNOWN })

  return async function verifyOnce(token) {
    const digest = createHash('sha256').update(token).digest('base64')
    const found = known.get(digest)
    if (found && isCurrent(found) && (await options.keys.find(found.kid))?.key === found.key) {
      return copyOf(found.accessToken)
    }
    known.delete(digest)
    const { accessToken, kid, key } = await verifyWithKey(token, options)
    freezeDeeply(accessToken.claims)
    const begins = beginningOf(accessToken)
    known.set(digest, { accessToken, kid, key, begins })
    return copyOf(accessToken)
  }
}

/** Whether its times are still valid, with the same tolerance as the first check. */
function isCurrent({ accessToken, begins }: KnownToken): boolean {
  const now = Date.now() / 1000
  const ends = accessToken.expiresAt.getTime() / 1000
  return now < ends + CLOCK_TOLERANCE_SECONDS && now >= begins - CLOCK_TOLERANCE_SECONDS
}

function beginningOf({ claims }: AccessToken): number {
  return Math.max(Number(claims['iat'] ?? 0), Number(claims['nbf'] ?? 0))
}

/** A route that changes its copy does not affect other requests. */
function copyOf({ scope, expiresAt, ...rest }: AccessToken): AccessToken {
  return { ...rest, scope: [...scope], expiresAt: new Date(expiresAt) }
}

function freezeDeeply(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  Object.freeze(value)
  for (const part of Object.values(value)) freezeDeeply(part)
}

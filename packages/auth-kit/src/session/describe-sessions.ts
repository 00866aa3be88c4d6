import { hkdfSync } from 'node:crypto'
import { describeRedis, type RedisDescription } from '../redis/describe-redis.ts'
import type { SessionStoreOptions } from './create-session-store.ts'
import { sessionCookieName, type CookieOptions } from './session-cookie.ts'
import { defaultDays } from './session-defaults.ts'

type Options = SessionStoreOptions & CookieOptions & { secrets: readonly string[] }

/** What two servers must share to honour each other's sessions. Contains no secret. */
export type SessionsDescription = {
  cookie: { name: string; domain: string | null }
  /** The host at which browsers reach the server. Null without `publicUrl`. */
  host: string | null
  prefix: string
  idleDays: number
  absoluteDays: number
  /** A fingerprint of each secret, the signing one first. Comparable only for the same nonce. */
  secrets: string[]
  redis: RedisDescription | null
  /**
   * The state of the session cache: `waiting` for Redis to report changes, or `refused` if Redis does
   * not report them. Only a running server knows it.
   */
  cache?: 'on' | 'off' | 'waiting' | 'refused'
  /** This machine's clock, ms since 1970. */
  now: number
}

/**
 * The settings that two servers compare. A secret is represented by a key derived from it
 * (HKDF-SHA-256, RFC 5869) with the caller's nonce as salt, which can neither sign cookies nor be
 * compared under another nonce. `redis` is null while Redis is down.
 *
 * @param nonce chosen by the caller, the same for all servers to compare
 * @throws TypeError if `publicUrl` is not a URL
 */
export async function describeSessions(
  options: Options,
  nonce: string,
): Promise<SessionsDescription> {
  const {
    redis,
    publicUrl,
    prefix = 'sess:',
    idleDays = defaultDays.idle,
    absoluteDays = defaultDays.absolute,
  } = options
  const described = await describeRedis(redis)
  return {
    cookie: { name: sessionCookieName(options), domain: options.cookieDomain ?? null },
    host: publicUrl === undefined ? null : new URL(publicUrl).hostname,
    prefix,
    idleDays,
    absoluteDays,
    secrets: options.secrets.map((secret) => fingerprint(secret, nonce)),
    redis: described,
    now: Date.now(),
  }
}

function fingerprint(secret: string, nonce: string): string {
  return Buffer.from(hkdfSync('sha256', secret, nonce, 'compare secrets', 16)).toString('base64url')
}

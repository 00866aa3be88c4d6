import { hkdfSync } from 'node:crypto'
import { describeRedis, type RedisDescription } from '../redis/describe-redis.ts'
import type { SessionStoreOptions } from './create-session-store.ts'
import { sessionCookieName, type CookieOptions } from './session-cookie.ts'
import { usualDays } from './usual-days.ts'

type Options = SessionStoreOptions & CookieOptions & { secrets: readonly string[] }

/** What two servers must have in common to honour each other's sessions, and nothing secret. */
export type SessionsDescription = {
  cookie: { name: string; domain: string | null }
  /** The host that browsers reach the server at; null if the app was not told. */
  host: string | null
  prefix: string
  idleDays: number
  absoluteDays: number
  /** By secret, the signing one first: comparable under the same nonce alone. */
  secrets: string[]
  redis: RedisDescription | null
  /**
   * Whether sessions are kept in memory: not yet while it is `waiting`, and `refused` where Redis does
   * not tell of changes. Only a running server knows.
   */
  cache?: 'on' | 'off' | 'waiting' | 'refused'
  /** This machine's clock, ms since 1970. */
  now: number
}

/**
 * What two servers compare. A secret is told by a key derived from it (HKDF-SHA-256, RFC 5869) with
 * the asker's nonce as salt: who gets it can neither sign with it nor compare it later. Where Redis
 * does not answer, or does not let us look, the answer says null.
 *
 * @param nonce chosen by the asker, the same for every server that is compared
 * @throws TypeError when `publicUrl` is no URL
 */
export async function describeSessions(
  options: Options,
  nonce: string,
): Promise<SessionsDescription> {
  const {
    redis,
    publicUrl,
    prefix = 'sess:',
    idleDays = usualDays.idle,
    absoluteDays = usualDays.absolute,
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

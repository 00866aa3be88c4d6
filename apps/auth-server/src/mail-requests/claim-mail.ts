import { createHash } from 'node:crypto'
import { askRedis, type RedisClient } from 'auth-kit/session'

const SECONDS = 5 * 60

type Claim = { kind: string; emailKey: string }

/**
 * Whether a mail of that kind may go to that address now: one in 5 minutes, of requests at once
 * exactly one. Whom somebody asks about is nobody's business in Redis, so it holds a digest.
 */
export async function claimMail(
  { redis, keyPrefix }: { redis: RedisClient; keyPrefix: string },
  claim: Claim,
): Promise<boolean> {
  const key = claimKey(keyPrefix, claim)
  return (await askRedis(redis, (redis) => redis.set(key, '1', 'EX', SECONDS, 'NX'))) === 'OK'
}

/** The mail could not be queued after all: the next request may try. */
export async function releaseMail(
  { redis, keyPrefix }: { redis: RedisClient; keyPrefix: string },
  claim: Claim,
): Promise<void> {
  await askRedis(redis, (redis) => redis.del(claimKey(keyPrefix, claim)))
}

function claimKey(keyPrefix: string, { kind, emailKey }: Claim): string {
  const digest = createHash('sha256').update(emailKey).digest('base64url')
  return `${keyPrefix}mail:${kind}:${digest}`
}

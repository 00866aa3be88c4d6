import { askRedis, type RedisClient } from 'auth-kit/session'
import { keyDigest } from '../storage/key-digest.ts'

const SECONDS = 5 * 60

type Claim = { kind: string; emailKey: string }

/**
 * Whether a mail of that kind may go to that address now: one in 5 minutes, and exactly one of
 * requests at once.
 */
export async function claimMail(
  { redis, keyPrefix }: { redis: RedisClient; keyPrefix: string },
  claim: Claim,
): Promise<boolean> {
  const key = claimKey(keyPrefix, claim)
  return (await askRedis(redis, (redis) => redis.set(key, '1', 'EX', SECONDS, 'NX'))) === 'OK'
}

/** The mail could not be queued: the next request may try. */
export async function releaseMail(
  { redis, keyPrefix }: { redis: RedisClient; keyPrefix: string },
  claim: Claim,
): Promise<void> {
  await askRedis(redis, (redis) => redis.del(claimKey(keyPrefix, claim)))
}

function claimKey(keyPrefix: string, { kind, emailKey }: Claim): string {
  return `${keyPrefix}mail-asked:${kind}:${keyDigest(emailKey)}`
}

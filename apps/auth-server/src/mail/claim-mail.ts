import { askRedis, type RedisClient } from 'auth-kit/session'
import { keyDigest } from '../storage/key-digest.ts'

const SECONDS = 5 * 60
/** Longer than a mail takes to be queued. A server that dies meanwhile holds nobody up for longer. */
const SECONDS_TO_QUEUE = 10

type Deps = { redis: RedisClient; keyPrefix: string }
type Claim = { kind: string; about: string }

/**
 * Runs `queue` and tells it whether a mail of that kind may go out about that now: one in 5 minutes,
 * and exactly one of requests at once. Where `queue` fails, the next request may try.
 *
 * @param claim.about what is counted: an address, or a user's wish for one
 * @returns what `queue` gives
 */
export async function claimMail<Result>(
  { redis, keyPrefix }: Deps,
  claim: Claim,
  queue: (mayGo: boolean) => Promise<Result>,
): Promise<Result> {
  const key = claimKey(keyPrefix, claim)
  const set = (redis: RedisClient) => redis.set(key, '1', 'EX', SECONDS_TO_QUEUE, 'NX')
  const mayGo = (await askRedis(redis, set)) === 'OK'
  try {
    const result = await queue(mayGo)
    // Where Redis has gone away since, a second mail within 5 minutes is what it costs.
    if (mayGo) await askRedis(redis, (redis) => redis.expire(key, SECONDS)).catch(() => undefined)
    return result
  } catch (error) {
    if (mayGo) await askRedis(redis, (redis) => redis.del(key)).catch(() => undefined)
    throw error
  }
}

function claimKey(keyPrefix: string, { kind, about }: Claim): string {
  return `${keyPrefix}mail-asked:${kind}:${keyDigest(about)}`
}

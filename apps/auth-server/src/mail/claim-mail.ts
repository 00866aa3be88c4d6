import { askRedis, type RedisClient } from 'auth-kit/session'
import { keyDigest } from '../storage/key-digest.ts'

const SECONDS = 5 * 60
/** Longer than queueing takes, yet short enough if the server dies in between. */
const SECONDS_TO_QUEUE = 10

type Deps = { redis: RedisClient; keyPrefix: string }
type Claim = { kind: string; about: string }

/**
 * Runs `queue` and passes whether an e-mail of that kind may go out now: one in 5 minutes, and exactly
 * one of several concurrent requests. If `queue` fails, the next request may try.
 *
 * @param claim.about what is counted: an address, or a user's request to change to one
 * @returns the result of `queue`
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
    // If Redis went down meanwhile, the cost is a second e-mail within 5 minutes.
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

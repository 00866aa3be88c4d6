import { askRedis, type RedisClient } from 'auth-kit/session'
import { keyDigest } from '../../storage/key-digest.ts'

type RedisDeps = { redis: RedisClient; keyPrefix: string }

/** What failures are counted for. */
export type Counted = {
  kind: 'address' | 'end-user-address' | 'account' | 'account-day'
  of: string
}

/** How many failures are allowed in a window that starts with the first one. */
export type Budget = Counted & { limit: number; windowMs: number }

const BEGIN = `
  local taken = tonumber(redis.call('HGET', KEYS[1], 'taken') or '0')
  if taken >= tonumber(ARGV[1]) then
    local failed = tonumber(redis.call('HGET', KEYS[1], 'failed') or '0')
    return { failed, redis.call('PTTL', KEYS[1]) }
  end
  redis.call('HINCRBY', KEYS[1], 'taken', 1)
  if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
  return {}
`

const FAIL = `
  if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
  return redis.call('HINCRBY', KEYS[1], 'failed', 1)
`

const GIVE_BACK = `
  local taken = tonumber(redis.call('HGET', KEYS[1], 'taken') or '0')
  if taken > 0 then redis.call('HINCRBY', KEYS[1], 'taken', -1) end
`

/**
 * Why no attempt is left: attempts under way hold the rest for a moment, or too many have failed and none
 * is allowed for `waitMs`.
 */
export type NoneLeft = { isUnderWay: boolean; waitMs: number }

/**
 * Takes an attempt from a budget before it is made, atomically over all servers, so that simultaneous
 * guesses do not slip through together (C18). It stays taken if its outcome is never reported.
 */
export async function beginAttempt(deps: RedisDeps, budget: Budget): Promise<NoneLeft | null> {
  const { limit, windowMs } = budget
  const args = [keyOf(deps, budget), limit, windowMs]
  const refusal: unknown = await askRedis(deps.redis, (redis) => redis.eval(BEGIN, 1, ...args))
  if (!Array.isArray(refusal) || refusal.length === 0) return null
  const [failed, waitMs] = refusal.map(Number)
  return { isUnderWay: Number(failed) < limit, waitMs: Number(waitMs) }
}

/** Counts a failed attempt. @returns how many have failed */
export async function countFailure(deps: RedisDeps, counted: Counted): Promise<number> {
  return Number(await askRedis(deps.redis, (redis) => redis.eval(FAIL, 1, keyOf(deps, counted))))
}

/** Returns an attempt that did not fail or was not made. */
export async function giveAttemptBack(deps: RedisDeps, counted: Counted): Promise<void> {
  await askRedis(deps.redis, (redis) => redis.eval(GIVE_BACK, 1, keyOf(deps, counted)))
}

/** Resets the count. */
export async function forgetFailures(deps: RedisDeps, counted: Counted): Promise<void> {
  await askRedis(deps.redis, (redis) => redis.del(keyOf(deps, counted)))
}

function keyOf({ keyPrefix }: RedisDeps, { kind, of }: Counted): string {
  return `${keyPrefix}failures:${kind}:${keyDigest(of)}`
}

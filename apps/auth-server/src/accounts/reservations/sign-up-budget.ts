import { askRedis, type RedisClient } from 'auth-kit/session'
import type { Config } from '../../config/config.ts'
import { tooManyAttempts } from '../../http/errors.ts'
import { proofNeeded } from './sign-up-errors.ts'

type Deps = {
  config: Pick<Config, 'signUpMailsPerHour'>
  redis: RedisClient
  keyPrefix: string
}

const HOUR_MS = 60 * 60 * 1000

/** How the e-mails of an hour are divided. */
type Shares = {
  /** For anybody. */
  free: number
  /** For those with a proof of work, once `free` is used. */
  proven: number
  /** For those who cannot do it, because their browser runs no script. */
  unproven: number
}

/** Half of the budget is for anybody. Of the rest, a tenth of the budget asks for no proof. */
export function sharesOf(budget: number): Shares {
  const free = Math.floor(budget / 2)
  const unproven = Math.ceil(budget / 10)
  return { free, proven: Math.max(0, budget - free - unproven), unproven }
}

// One key, so that it is one step for all servers. Answers whether an e-mail was taken, whether one
// for proven sign-ups is left, and when the hour ends.
const TAKE = `
  local share = 'free'
  if tonumber(redis.call('HGET', KEYS[1], share) or '0') >= tonumber(ARGV[1]) then share = ARGV[2] end
  local taken = 0
  local limits = { free = ARGV[1], proven = ARGV[3], unproven = ARGV[4] }
  if tonumber(redis.call('HGET', KEYS[1], share) or '0') < tonumber(limits[share]) then
    redis.call('HINCRBY', KEYS[1], share, 1)
    if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[5]) end
    taken = 1
  end
  local proven = tonumber(redis.call('HGET', KEYS[1], 'proven') or '0')
  return { taken, tonumber(ARGV[3]) - proven, redis.call('PTTL', KEYS[1]) }
`

/**
 * Takes one e-mail from the budget of this hour, which begins with its first one (SIGN_UP_MAILS_PER_HOUR).
 *
 * @throws Problem 429 `proof_needed` if only sign-ups with a proof of work have e-mails left; 429
 *   `too_many_attempts` if there are none; 503 if Redis is down
 */
export async function takeSignUpMail(
  { config, redis, keyPrefix }: Deps,
  { isProven }: { isProven: boolean },
): Promise<void> {
  const { free, proven, unproven } = sharesOf(config.signUpMailsPerHour)
  const share = isProven ? 'proven' : 'unproven'
  const args = [keyOf(keyPrefix), free, share, proven, unproven, HOUR_MS]
  const answer: unknown = await askRedis(redis, (redis) => redis.eval(TAKE, 1, ...args))
  const [taken = 0, left = 0, endsInMs = 0] = Array.isArray(answer) ? answer.map(Number) : []
  if (taken === 1) return
  const seconds = Math.max(1, Math.ceil(endsInMs / 1000))
  throw !isProven && left > 0 ? proofNeeded(seconds) : tooManyAttempts(seconds)
}

/** How many e-mails of this hour are used, and when it ends; undefined before its first one. */
export async function readSignUpBudget({
  redis,
  keyPrefix,
}: Pick<Deps, 'redis' | 'keyPrefix'>): Promise<{ used: number; endsInMs: number } | undefined> {
  const key = keyOf(keyPrefix)
  const used = await askRedis(redis, (redis) => redis.hvals(key))
  if (used.length === 0) return undefined
  const endsInMs = await askRedis(redis, (redis) => redis.pttl(key))
  return { used: used.reduce((sum, count) => sum + Number(count), 0), endsInMs }
}

/** Whether the next sign-up is asked for a proof of work. */
export async function isProofDue({ config, redis, keyPrefix }: Deps): Promise<boolean> {
  const budget = await readSignUpBudget({ redis, keyPrefix })
  return (budget?.used ?? 0) >= sharesOf(config.signUpMailsPerHour).free
}

function keyOf(keyPrefix: string): string {
  return `${keyPrefix}sign-up-mails`
}

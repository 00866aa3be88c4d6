import type { NextFunction, Request, RequestHandler, Response } from 'express'
import { tokensUnavailable } from '../access-token/token-errors.ts'
import { AuthError } from '../errors.ts'
import { answerError } from '../guard/answer-error.ts'
import { contextOf } from '../guard/request-context.ts'
import { askRedis } from '../redis/ask-redis.ts'
import type { RedisClient } from '../redis/redis-client.ts'

export type LimitPerTokenOptions = {
  redis: RedisClient
  /** Requests with one token in one window. */
  limit: number
  /** How long a window is, s: it starts with a token's first request. */
  windowSeconds: number
  /** In front of the key in Redis: limits of different names count apart. `token-limit:` */
  prefix?: string | undefined
  /** As for `requireAccessToken`. */
  passErrors?: boolean | undefined
}

/** Counts one more; the window starts with the first. Answers the count and what is left, ms. */
const COUNT = `
  local count = redis.call('INCR', KEYS[1])
  if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
  return { count, redis.call('PTTL', KEYS[1]) }
`

/**
 * Lets so many requests of one access token pass in a window, over all servers that share the Redis.
 * Goes behind `requireAccessToken`. Others: 429 `too_many_requests` with `Retry-After` in seconds; while
 * Redis does not answer 503 `tokens_unavailable`.
 *
 * @example
 * app.use('/api', requireAccessToken(options), limitPerToken({ redis, limit: 60, windowSeconds: 60 }))
 *
 * @throws TypeError at once, when an option is wrong
 */
export function limitPerToken(options: LimitPerTokenOptions): RequestHandler {
  const { redis, limit, windowSeconds, prefix = 'token-limit:' } = options
  if (!(Number.isSafeInteger(limit) && limit > 0 && windowSeconds > 0)) {
    throw new TypeError('limitPerToken: limit and windowSeconds must be more than 0')
  }
  const windowMs = Math.ceil(windowSeconds * 1000)

  return async function limitPerToken(req: Request, res: Response, next: NextFunction) {
    if (!req.auth) throw new TypeError('limitPerToken: requireAccessToken has to be in front')
    try {
      const [count, leftMs] = await countOne(redis, `${prefix}${req.auth.jti}`, windowMs)
      if (count > limit) throw tooManyRequests(leftMs)
    } catch (error) {
      const { passErrors = contextOf(req).passErrors } = options
      return answerError(error, { req, res, next, passErrors })
    }
    return next()
  }
}

async function countOne(redis: RedisClient, key: string, windowMs: number) {
  const answer = await askRedis(redis, (redis) => redis.eval(COUNT, 1, key, windowMs)).catch(
    ({ cause }: Error) => {
      throw tokensUnavailable(cause)
    },
  )
  const [count = 0, leftMs = 0] = [answer].flat().map(Number)
  return [count, leftMs] as const
}

function tooManyRequests(leftMs: number): AuthError {
  return new AuthError({
    code: 'too_many_requests',
    status: 429,
    message: 'This access token was used too often. Please try again later.',
    headers: { 'Retry-After': String(Math.max(1, Math.ceil(leftMs / 1000))) },
  })
}

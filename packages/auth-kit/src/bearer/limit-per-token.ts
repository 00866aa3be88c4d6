import type { NextFunction, Request, RequestHandler, Response } from 'express'
import { tokensUnavailable } from '../access-token/token-errors.ts'
import { AuthError } from '../errors.ts'
import { answerError } from '../guard/answer-error.ts'
import { contextOf } from '../guard/request-context.ts'
import { askRedis } from '../redis/ask-redis.ts'
import type { RedisClient } from '../redis/redis-client.ts'

export type LimitPerTokenOptions = {
  redis: RedisClient
  /** How many requests each token may make in one window. */
  limit: number
  /** Length of a window, s. It starts with a token's first request. */
  windowSeconds: number
  /** Prefix of the Redis keys. Limits with different prefixes count separately. `token-limit:` */
  prefix?: string | undefined
  /** As for `requireAccessToken`. */
  passErrors?: boolean | undefined
}

/** Counts a request; the first one starts the window. Returns the count and the time left, ms. */
const COUNT = `
  local count = redis.call('INCR', KEYS[1])
  if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
  return { count, redis.call('PTTL', KEYS[1]) }
`

/**
 * Limits the requests of each access token in a window, across all servers that share the Redis.
 * Mount it after `requireAccessToken`. Over the limit: 429 `too_many_requests` with `Retry-After` in
 * seconds. While Redis is down: 503 `tokens_unavailable`.
 *
 * @example
 * app.use('/api', requireAccessToken(options), limitPerToken({ redis, limit: 60, windowSeconds: 60 }))
 *
 * @throws TypeError immediately, if an option is invalid
 */
export function limitPerToken(options: LimitPerTokenOptions): RequestHandler {
  const { redis, limit, windowSeconds, prefix = 'token-limit:' } = options
  if (!(Number.isSafeInteger(limit) && limit > 0 && windowSeconds > 0)) {
    throw new TypeError('limitPerToken: limit and windowSeconds must be more than 0')
  }
  const windowMs = Math.ceil(windowSeconds * 1000)

  return async function limitPerToken(req: Request, res: Response, next: NextFunction) {
    if (!req.auth) throw new TypeError('limitPerToken: mount it after requireAccessToken')
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
    message: 'Too many requests with this access token. Please try again later.',
    headers: { 'Retry-After': String(Math.max(1, Math.ceil(leftMs / 1000))) },
  })
}

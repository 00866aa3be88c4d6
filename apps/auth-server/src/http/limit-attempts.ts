import { createHash } from 'node:crypto'
import { askRedis, type RedisClient } from 'auth-kit/session'
import type { Request, RequestHandler } from 'express'
import { rateLimit } from 'express-rate-limit'
import { type RedisReply, RedisStore } from 'rate-limit-redis'
import { tooManyAttempts } from './errors.ts'
import type { WebDeps } from './web-deps.ts'
import { keyDigest } from '../storage/key-digest.ts'
import { clientAddress } from './client-address.ts'

const WINDOW_MS = 15 * 60 * 1000

type Limit = {
  name: string
  limit: number
  /** Requests with the same key are counted together. The default is the network address. */
  key?: (req: Request) => string
  /** If given, only answers with such a status stay counted. */
  isFailure?: (status: number, req: Request) => boolean
  /** Requests that this limit is not for. */
  skip?: (req: Request) => boolean
}

/**
 * Allows at most `limit` requests in 15 minutes for each `key`. Redis counts them across all servers
 * before the work is done, so that parallel guesses do not slip through together. Above the limit the
 * answer is 429 with `Retry-After`. While Redis is down: 503, not a free pass.
 */
export function limitAttempts(
  { redis, keyPrefix }: Pick<WebDeps, 'redis' | 'keyPrefix'>,
  { name, limit, key = clientAddress, isFailure, skip = () => false }: Limit,
): RequestHandler {
  return rateLimit({
    windowMs: WINDOW_MS,
    limit,
    keyGenerator: (req) => keyDigest(key(req)),
    store: new RedisStore({ prefix: `${keyPrefix}limit:${name}:`, sendCommand: sendTo(redis) }),
    skipSuccessfulRequests: isFailure !== undefined,
    requestWasSuccessful: (req, res) => !isFailure?.(res.statusCode, req),
    skip,
    standardHeaders: false,
    legacyHeaders: false,
    handler: (req, _res, next) => next(tooManyAttempts(secondsUntil(endOfWindow(req)))),
  })
}

/**
 * `RedisStore` loads its scripts once, at startup, and stays broken if Redis is down at that moment.
 * This keeps the scripts and sends them with each call.
 */
function sendTo(redis: RedisClient) {
  const scripts = new Map<string, string>()

  return async (command: string, ...args: string[]): Promise<RedisReply> => {
    const [first = '', second = '', ...rest] = args
    if (command === 'SCRIPT') {
      const hash = createHash('sha1').update(second).digest('hex')
      scripts.set(hash, second)
      return hash
    }
    const script = command === 'EVALSHA' ? scripts.get(first) : undefined
    return script === undefined
      ? call(redis, command, ...args)
      : call(redis, 'EVAL', script, second, ...rest)
  }
}

async function call(redis: RedisClient, command: string, ...args: string[]): Promise<RedisReply> {
  try {
    const reply = await askRedis(redis, (redis) => redis.call(command, ...args))
    if (isReply(reply)) return reply
  } catch (error) {
    // This runs after the answer. At worst one attempt too many is counted.
    if (command === 'DECR') return 0
    throw error
  }
  throw new TypeError(`unexpected reply to ${command}`)
}

function isReply(value: unknown): value is RedisReply {
  return Array.isArray(value)
    ? value.every(isReply)
    : ['string', 'number', 'boolean'].includes(typeof value)
}

function endOfWindow(req: Request & { rateLimit?: { resetTime?: Date | undefined } }): number {
  return req.rateLimit?.resetTime?.getTime() ?? Date.now() + WINDOW_MS
}

function secondsUntil(time: number): number {
  return Math.max(1, Math.ceil((time - Date.now()) / 1000))
}

/** Limits requests that send an e-mail, for each network address. */
export function limitMail(deps: Pick<WebDeps, 'config' | 'redis' | 'keyPrefix'>): RequestHandler {
  return limitAttempts(deps, { name: 'mail-address', limit: deps.config.limitMailPerAddress })
}

/** Limits the requests of each user in 15 minutes. Visitors count by network address. */
export function limitPerUser(
  deps: Pick<WebDeps, 'redis' | 'keyPrefix'>,
  { name, limit }: { name: string; limit: number },
): RequestHandler {
  return limitAttempts(deps, { name, limit, key: (req) => req.user?.id ?? clientAddress(req) })
}

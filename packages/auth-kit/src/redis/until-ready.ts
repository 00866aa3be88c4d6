import type { RedisClient } from './redis-client.ts'

/** How often a request may bring the next attempt forward. By default ioredis waits up to 5 s. */
const HURRY_EVERY_MS = 250

const attempts = new WeakMap<RedisClient, Promise<void>>()
const hurriedAt = new WeakMap<RedisClient, number>()

/** Waits for the connection attempt in progress. Fails if the attempt fails or there is none. */
export async function untilReady(redis: RedisClient): Promise<void> {
  if (redis.status === 'ready') return
  if (redis.status === 'wait') redis.connect().catch(() => undefined)
  if (redis.status === 'reconnecting') hurry(redis)
  if (!isConnecting(redis)) throw new Error(`the connection to Redis is ${redis.status}`)
  const attempt = attempts.get(redis) ?? endOfAttempt(redis)
  attempts.set(redis, attempt)
  await attempt
}

/** Whether a connection attempt is in progress. */
export function isConnecting({ status }: RedisClient): boolean {
  return status === 'connecting' || status === 'connect'
}

/** Whether the app has closed the client. ioredis can report "reconnecting" for a closed one, too. */
export function isClosed(redis: RedisClient): boolean {
  if (redis.status === 'reconnecting') return !isTimer(retryOf(redis))
  return redis.status === 'end' || redis.status === 'disconnecting'
}

/** The retry that ioredis has scheduled. */
function retryOf(redis: RedisClient): unknown {
  return Reflect.get(redis, 'reconnectTimeout')
}

/** Runs the retry scheduled by ioredis now. Without one, the app has closed the client. */
function hurry(redis: RedisClient): void {
  const scheduled = retryOf(redis)
  if (!isTimer(scheduled) || Date.now() - (hurriedAt.get(redis) ?? 0) < HURRY_EVERY_MS) return
  hurriedAt.set(redis, Date.now())
  clearTimeout(scheduled)
  redis.connect().catch(() => undefined)
}

function isTimer(value: unknown): value is NodeJS.Timeout {
  return typeof value === 'object' && value !== null && Symbol.toPrimitive in value
}

function endOfAttempt(redis: RedisClient): Promise<void> {
  return new Promise((resolve, reject) => {
    const succeed = () => settle(resolve)
    const fail = () => settle(() => reject(new Error('the connection to Redis was closed')))
    function settle(end: () => void) {
      attempts.delete(redis)
      redis.off('ready', succeed).off('close', fail).off('end', fail)
      end()
    }
    redis.once('ready', succeed).once('close', fail).once('end', fail)
  })
}

import type { RedisClient } from './redis-client.ts'
import { isConnecting, untilReady } from './until-ready.ts'

/** How long a connection may stay silent before it is given up and made anew. */
const RENEW_AFTER_MS = 1000

const silent = new WeakSet<RedisClient>()

/** Whether the server took a question, gave no answer, and has not answered since. */
export function isSilent(redis: RedisClient): boolean {
  return silent.has(redis)
}

/**
 * One PING notices when the server answers again. A connection that stays silent is cut, since what
 * was lost on it never comes; the client then makes a new one by itself.
 */
export async function watchUntilItAnswers(redis: RedisClient): Promise<void> {
  if (silent.has(redis)) return
  silent.add(redis)
  if (!(await answersInTime(redis))) cut(redis)
  silent.delete(redis)
}

/** An error is an answer, too, or comes from a connection that is closed already. */
function answersInTime(redis: RedisClient): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), RENEW_AFTER_MS)
    const answered = () => {
      clearTimeout(timer)
      resolve(true)
    }
    untilReady(redis)
      .then(() => redis.ping())
      .then(answered, answered)
  })
}

/** A Cluster looks after its connections itself; see `socketTimeout` in openRedis. */
function cut(redis: RedisClient): void {
  if ('stream' in redis && (redis.status === 'ready' || isConnecting(redis))) redis.stream.destroy()
}

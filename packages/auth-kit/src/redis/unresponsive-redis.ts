import type { RedisClient } from './redis-client.ts'
import { isConnecting, untilReady } from './until-ready.ts'

/** How long a connection may stay silent before it is replaced. */
const RENEW_AFTER_MS = 1000

const silent = new WeakSet<RedisClient>()

/** Whether the server has missed a deadline and has not answered since. */
export function isUnresponsive(redis: RedisClient): boolean {
  return silent.has(redis)
}

/**
 * Marks the server as silent until it answers a PING. Cuts a connection that stays silent, since lost
 * data never arrives on it; the client then opens a new one.
 */
export async function watchUntilItAnswers(redis: RedisClient): Promise<void> {
  if (silent.has(redis)) return
  silent.add(redis)
  if (!(await answersInTime(redis))) cut(redis)
  silent.delete(redis)
}

/** An error counts as an answer: the server sent it, or the connection is already closed. */
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

/** A Cluster replaces its connections itself; see `socketTimeout` in openRedis. */
function cut(redis: RedisClient): void {
  if ('stream' in redis && (redis.status === 'ready' || isConnecting(redis))) redis.stream.destroy()
}

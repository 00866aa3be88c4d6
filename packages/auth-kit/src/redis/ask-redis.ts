import { sessionsUnavailable } from '../errors.ts'
import type { RedisClient } from './redis-client.ts'
import { isUnresponsive, watchUntilItAnswers } from './unresponsive-redis.ts'
import { untilReady } from './until-ready.ts'

/** Deadline for one call to Redis, ms. A guard answers within 250. */
const DEADLINE_MS = 200

/**
 * Calls Redis with a deadline, whatever the client's own settings: by default ioredis queues without
 * limit while the server is down and waits forever while it is frozen.
 *
 * Fails at once and queues nothing while the connection is down or the server is silent.
 *
 * @example
 * const orders = await askRedis(redis, (redis) => redis.lrange(key, 0, -1))
 *
 * @param ask the call; it may take 200 ms
 * @returns the result of `ask`
 * @throws AuthError `sessions_unavailable` (503) if there is no answer or `ask` fails, with the
 *   reason as its `cause`
 */
export async function askRedis<Answer>(
  redis: RedisClient,
  ask: (redis: RedisClient) => Promise<Answer>,
): Promise<Answer> {
  const deadline = startDeadline()
  try {
    if (isUnresponsive(redis)) throw new Error('Redis does not answer')
    await beforeAbort(untilReady(redis), deadline.signal)
    return await beforeAbort(ask(redis), deadline.signal)
  } catch (error) {
    if (deadline.signal.aborted) void watchUntilItAnswers(redis)
    throw sessionsUnavailable(error)
  } finally {
    deadline.clear()
  }
}

function startDeadline() {
  const controller = new AbortController()
  // Data that has already arrived is read before setImmediate, so that a process that was busy
  // past the deadline does not take Redis for silent.
  const timer = setTimeout(() => setImmediate(() => controller.abort()), DEADLINE_MS)
  return { signal: controller.signal, clear: () => clearTimeout(timer) }
}

function beforeAbort<Answer>(answer: Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error(`no answer in ${DEADLINE_MS} ms`))
    signal.addEventListener('abort', fail, { once: true })
    answer.then(resolve, reject)
  })
}

/** The results of a pipeline. Throws if any of its commands failed. */
export async function resultsOf(
  answers: Promise<[Error | null, unknown][] | null>,
): Promise<unknown[]> {
  return ((await answers) ?? []).map(([error, result]) => {
    if (error) throw error
    return result
  })
}

import { sessionsUnavailable } from '../errors.ts'
import type { RedisClient } from './redis-client.ts'
import { isSilent, watchUntilItAnswers } from './silent-redis.ts'
import { untilReady } from './until-ready.ts'

/** How long one question to Redis may take, in ms; a guard answers within 250. */
const DEADLINE_MS = 200

/**
 * Asks Redis with a deadline of our own, whatever the client was configured with: its defaults
 * queue without bound while the server is down and wait for ever while it is stopped.
 *
 * While the connection is down or the server silent it fails at once and queues nothing.
 *
 * @example
 * const orders = await askRedis(redis, (redis) => redis.lrange(key, 0, -1))
 *
 * @param ask what to ask; no answer within 200 ms is none
 * @returns what `ask` gives
 * @throws AuthError `sessions_unavailable` (503), with what went wrong as its `cause`: also where
 *   `ask` itself failed
 */
export async function askRedis<Answer>(
  redis: RedisClient,
  ask: (redis: RedisClient) => Promise<Answer>,
): Promise<Answer> {
  const deadline = startDeadline()
  try {
    if (isSilent(redis)) throw new Error('Redis does not answer')
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
  // An answer that lies there is read before setImmediate: a process that was busy with something
  // else, and looks at the clock first, does not take Redis for silent.
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

/** What the commands of a pipeline gave, each of which has to succeed. */
export async function resultsOf(
  answers: Promise<[Error | null, unknown][] | null>,
): Promise<unknown[]> {
  return ((await answers) ?? []).map(([error, result]) => {
    if (error) throw error
    return result
  })
}

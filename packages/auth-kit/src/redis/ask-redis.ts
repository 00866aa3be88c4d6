import { once } from 'node:events'
import type { Cluster, Redis } from 'ioredis'
import { sessionsUnavailable } from '../errors.ts'

export type RedisClient = Redis | Cluster

/** How long one question to Redis may take, in ms; a guard answers within 250. */
const DEADLINE_MS = 200

/** Clients whose server accepted a question and gave no answer, until it answers again. */
const stalled = new WeakSet<RedisClient>()

/**
 * Asks Redis with a deadline of our own, whatever the client was configured with: its defaults
 * queue without bound while the server is away and wait for ever while it is stopped.
 *
 * While the connection is down or the server silent it fails at once and queues nothing; one PING
 * notices when the server answers again.
 *
 * @throws AuthError `sessions_unavailable` (503)
 */
export async function askRedis<Answer>(
  redis: RedisClient,
  ask: (redis: RedisClient) => Promise<Answer>,
): Promise<Answer> {
  if (stalled.has(redis)) throw sessionsUnavailable(new Error('Redis does not answer'))
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(), DEADLINE_MS)
  try {
    await untilReady(redis, deadline.signal)
    return await beforeAbort(ask(redis), deadline.signal)
  } catch (error) {
    if (deadline.signal.aborted && redis.status === 'ready') watchUntilItAnswers(redis)
    throw sessionsUnavailable(error)
  } finally {
    clearTimeout(timer)
  }
}

async function untilReady(redis: RedisClient, signal: AbortSignal): Promise<void> {
  if (redis.status === 'ready') return
  if (redis.status === 'wait') redis.connect().catch(() => undefined)
  if (!['wait', 'connecting', 'connect'].includes(redis.status)) {
    throw new Error(`the connection to Redis is ${redis.status}`)
  }
  const settled = new AbortController()
  try {
    await Promise.race([
      once(redis, 'ready', { signal: AbortSignal.any([signal, settled.signal]) }),
      closed(redis, AbortSignal.any([signal, settled.signal])),
    ])
  } finally {
    settled.abort()
  }
}

async function closed(redis: RedisClient, signal: AbortSignal): Promise<never> {
  await once(redis, 'close', { signal })
  throw new Error('the connection to Redis was closed')
}

function beforeAbort<Answer>(answer: Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error(`no answer in ${DEADLINE_MS} ms`)), {
      once: true,
    })
    answer.then(resolve, reject)
  })
}

function watchUntilItAnswers(redis: RedisClient): void {
  if (stalled.has(redis)) return
  stalled.add(redis)
  const answersAgain = () => stalled.delete(redis)
  redis.ping().then(answersAgain, answersAgain)
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { RedisClient } from 'auth-kit/session'
import { CliError } from './cli-error.ts'

const PATIENCE_MS = 5_000

/**
 * Waits for the first connection, longer than a request would.
 *
 * @throws CliError if Redis does not answer in time
 */
export async function untilRedisAnswers(redis: RedisClient, place: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS
  // oxlint-disable no-await-in-loop -- one ping at a time
  while (!(await answers(redis))) {
    if (Date.now() > deadline) throw redisAway(place)
    await sleep(50)
  }
}

function answers(redis: RedisClient): Promise<boolean> {
  return redis.ping().then(
    () => true,
    () => false,
  )
}

function redisAway(place: string): CliError {
  const message = `Redis does not answer at ${place}. Start the system with npm start, or point to another one with REDIS_URL.`
  return new CliError({ code: 'redis_away', message })
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { amqpService } from './amqp.service.ts'
import { findOrStart } from './find-or-start.ts'
import { mongoService } from './mongo.service.ts'
import { redisService } from './redis.service.ts'
import type { Log, RunningService } from './service.ts'

const services = { mongo: mongoService, redis: redisService, amqp: amqpService }

export type ServiceName = keyof typeof services

/** Where each service answers, where it comes from, and the end of what was started. */
export type RunningServices<Name extends ServiceName> = Record<
  Name,
  Omit<RunningService, 'stop' | 'failed'>
> & {
  /** Rejects with the reason when one of them ends and does not come back; never resolves. */
  failed: Promise<never>
  stop: () => Promise<void>
}

/**
 * Starts what is named, or uses what the environment names. Each service in this order: the address
 * in the environment (`MONGO_URL`, `REDIS_URL`, `AMQP_URL`); with `SERVICES=found` one that listens on
 * the usual port, in a part of it for `namespace` alone; a container where a Docker engine answers; a
 * process of our own. `SERVICES=docker` and `SERVICES=local` go straight to the third or fourth. What
 * was started ends with `stop()`, when `signal` aborts, or when this process ends in any way.
 *
 * Throws an error that says what to install for each service that cannot be had.
 */
export async function startServices<Name extends ServiceName>(options: {
  names: readonly Name[]
  /** Where data is kept for the next start; without it data goes when the services stop. */
  dataDir?: string
  /** Names this installation in a server that others use, too. */
  namespace: string
  env: NodeJS.ProcessEnv
  log: Log
  signal?: AbortSignal
}): Promise<RunningServices<Name>> {
  const temporary =
    options.dataDir === undefined ? await mkdtemp(join(tmpdir(), 'sign-in-')) : undefined
  const attempts = await Promise.allSettled(
    options.names.map((name) =>
      findOrStart(services[name], {
        ...options,
        localDir: options.dataDir ?? temporary ?? tmpdir(),
      }),
    ),
  )
  const running = attempts.flatMap((attempt) =>
    attempt.status === 'fulfilled' ? [attempt.value] : [],
  )
  async function stop(): Promise<void> {
    await Promise.allSettled(running.map((service) => service.stop()))
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true })
  }

  const problems = attempts.flatMap((attempt) =>
    attempt.status === 'rejected' ? [messageOf(attempt.reason)] : [],
  )
  if (problems.length > 0) {
    await stop()
    options.signal?.throwIfAborted()
    throw new Error(problems.join('\n\n'))
  }
  const byName: Partial<RunningServices<Name>> = {}
  options.names.forEach((name, index) => Object.assign(byName, { [name]: running[index] }))
  const failed = Promise.race(running.flatMap((service) => service.failed ?? []))
  Object.assign(byName, { failed, stop })
  if (!isComplete(byName, options.names)) throw new Error('a service is missing')
  return byName
}

function isComplete<Name extends ServiceName>(
  byName: Partial<RunningServices<Name>>,
  names: readonly Name[],
): byName is RunningServices<Name> {
  return names.every((name) => byName[name] !== undefined)
}

function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason)
}

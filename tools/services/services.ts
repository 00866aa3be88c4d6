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

/** Where each service answers and comes from, and how to stop those that were started. */
export type RunningServices<Name extends ServiceName> = Record<
  Name,
  Omit<RunningService, 'stop' | 'failed'>
> & {
  /** Never resolves. Rejects with the reason if one of them ends and does not come back. */
  failed: Promise<never>
  stop: () => Promise<void>
}

/**
 * Finds or starts the named services. For each it tries, in this order: the address in the environment
 * (`MONGO_URL`, `REDIS_URL`, `AMQP_URL`); with `SERVICES=found`, a server on the usual port, in a part of
 * it for `namespace` only; a container, if a Docker engine answers; a process of our own.
 * `SERVICES=docker` and `SERVICES=local` go straight to the third or fourth. Started services end with
 * `stop()`, when `signal` aborts, or when this process ends in any way.
 *
 * @throws Error that says what to install for each service that cannot be started
 */
export async function startServices<Name extends ServiceName>(options: {
  names: readonly Name[]
  /** The folder for data. Without it, data is lost when the services stop. */
  dataDir?: string
  /** Identifies this installation in a shared server. */
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

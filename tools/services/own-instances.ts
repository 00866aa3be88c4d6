import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { amqpService } from './amqp.service.ts'
import { mongoService } from './mongo.service.ts'
import { redisService } from './redis.service.ts'
import { runLocalServer } from './run-local-server.ts'
import type { Service } from './service.ts'

/** A server for a single test, which may kill, pause and restart it. */
export type OwnInstance = {
  url: string
  port: number
  /** The server's process id, which a restart changes. */
  readonly pid: number
  /** Sends a signal (SIGKILL by default) and waits until the server has ended. */
  kill(signal?: 'SIGKILL' | 'SIGTERM' | 'SIGINT'): Promise<void>
  /** Sends SIGSTOP: connections stay open, and nothing answers. */
  pause(): void
  resume(): void
  /** Restarts it on the same port and data, and stops it first if it is still running. */
  restart(): Promise<void>
  /** Stops it, and removes its data unless `dir` was given. */
  stop: () => Promise<void>
}

type Place = { dir?: string; port?: number }

/** Starts a Redis that syncs every write. */
export const startOwnRedis = (place: Place = {}) => startOwnInstance(redisService, place)

/** Starts a MongoDB: mongod, or the embedded one. */
export const startOwnMongo = (place: Place = {}) => startOwnInstance(mongoService, place)

/** Starts a RabbitMQ, which takes about seven seconds. */
export const startOwnRabbit = (place: Place = {}) => startOwnInstance(amqpService, place)

function log(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** Starts any service, for options that the functions above do not offer. */
export async function startOwnInstance(service: Service, place: Place): Promise<OwnInstance> {
  const dir = place.dir ?? (await mkdtemp(join(tmpdir(), 'sign-in-own-')))
  const server = await service.prepareLocalServer({ env: process.env, log })
  const run = (port: number | undefined) => runLocalServer({ service, server, dir, port })
  let running = await run(place.port)
  const { url, port } = running

  async function end(): Promise<void> {
    running.child.kill('SIGCONT')
    await running.child.stop()
  }
  return {
    url,
    port,
    get pid() {
      return running.child.pid
    },
    async kill(signal = 'SIGKILL') {
      running.child.kill(signal)
      await running.child.ended
    },
    pause: () => running.child.kill('SIGSTOP'),
    resume: () => running.child.kill('SIGCONT'),
    async restart() {
      await end()
      running = await run(port)
    },
    async stop() {
      await end()
      if (place.dir === undefined) await rm(dir, { recursive: true, force: true })
    },
  }
}

import { mkdir } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { findFreePort } from './free-port.ts'
import { keepChild } from './keep-child.ts'
import type { LocalServer, RunningServer, Service } from './service.ts'

const secondsToStart = 120

/** Runs a server on 127.0.0.1 and waits until it answers. @throws Error with its last output if it ends first */
export async function runLocalServer(options: {
  service: Service
  server: LocalServer
  dir: string
  /** A free port by default. */
  port?: number | undefined
  signal?: AbortSignal | undefined
}): Promise<RunningServer> {
  const { service, server, dir, signal } = options
  const port = options.port ?? (await findFreePort())
  await mkdir(dir, { recursive: true })
  const child = await keepChild({ command: server.command({ dir, port }), signal })

  const deadline = Date.now() + secondsToStart * 1000
  while (child.isRunning() && Date.now() < deadline) {
    if (await service.answers('127.0.0.1', port)) {
      return { child, port, url: service.url('127.0.0.1', port) }
    }
    await sleep(20)
  }
  await child.stop()
  signal?.throwIfAborted()
  throw new Error(`${server.name} did not start on port ${port}:\n${child.lastWords()}`)
}

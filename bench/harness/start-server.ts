import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { findFreePort } from '../../tools/services/free-port.ts'
import { nodeCommand } from './machine.ts'

/** CPU time in microseconds since the start, memory in bytes. */
export type Usage = { cpu: number; rss: number; heap: number }

export type RunningServer = {
  port: number
  usage(after?: 'gc'): Promise<Usage>
  stop(): Promise<void>
}

const REPORT_USAGE = join(import.meta.dirname, 'report-usage.mjs')
const START_MS = 30_000

/**
 * Runs a script that listens on `PORT` as a production server, on a core of its own.
 *
 * @param options.cores `all` for a server that also hashes on other threads
 * @param options.built whether the script and its packages are compiled
 */
export async function startServer(options: {
  script: string
  args?: string[]
  env?: NodeJS.ProcessEnv
  cores?: 'own' | 'all'
  built?: boolean
}): Promise<RunningServer> {
  const port = await findFreePort()
  const [command, ...before] = nodeCommand(options.cores ?? 'own')
  const flags = [...(options.built ? [] : ['-C', 'source']), '--import', REPORT_USAGE]
  const child = spawn(command, [...before, ...flags, options.script, ...(options.args ?? [])], {
    env: { ...process.env, NODE_ENV: 'production', ...options.env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  await untilListening(child, port)
  return {
    port,
    usage: (after) => askUsage(child, after === 'gc' ? 'usage after gc' : 'usage'),
    async stop() {
      if (child.exitCode !== null || !child.connected) return
      child.disconnect()
      await once(child, 'exit')
    },
  }
}

async function untilListening(child: ChildProcess, port: number): Promise<void> {
  const deadline = performance.now() + START_MS
  while (performance.now() < deadline) {
    if (child.exitCode !== null) break
    // oxlint-disable-next-line no-await-in-loop
    if (await isListening(port)) return
    // oxlint-disable-next-line no-await-in-loop
    await pause(50)
  }
  child.kill()
  throw new Error('a server under test did not start')
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

async function askUsage(child: ChildProcess, question: string): Promise<Usage> {
  const answer = once(child, 'message')
  child.send(question)
  const [usage]: unknown[] = await answer
  if (!isUsage(usage)) throw new Error('a server under test sent no usage')
  return usage
}

function isUsage(value: unknown): value is Usage {
  return typeof value === 'object' && value !== null && 'cpu' in value && 'rss' in value
}

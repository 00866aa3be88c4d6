import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { isNativeError } from 'node:util/types'

const keeper = fileURLToPath(new URL('keeper.ts', import.meta.url))

/** How a kept child ended. */
export type Ending = { code: number | null; signal: string | null }

/** A server that ends with this process, however this process ends. */
export type KeptChild = {
  /** The server's own process, not the keeper's. */
  pid: number
  isRunning(): boolean
  ended: Promise<Ending>
  /** The end of its output, for a message about why it ended. */
  lastWords(): string
  /** Signals the server itself; does nothing once it has ended. */
  kill(signal: NodeJS.Signals): void
  /** Sends SIGTERM, then SIGKILL after `patience`, and waits for its end. */
  stop: () => Promise<void>
}

/** What to run, and how. */
export type ChildOptions = {
  command: readonly [string, ...string[]]
  env?: NodeJS.ProcessEnv
  cwd?: string
  /** Milliseconds between SIGTERM and SIGKILL. */
  patience?: number
  /** Stops the child when aborted. */
  signal?: AbortSignal | undefined
  /** Gets each line the child writes. */
  onLine?: (line: string) => void
}

/** Starts a command under a keeper (see keeper.ts). @throws Error if it cannot be run */
export async function keepChild(options: ChildOptions): Promise<KeptChild> {
  options.signal?.throwIfAborted()
  const keeping = spawn(
    process.execPath,
    [keeper, String(options.patience ?? 5000), ...options.command],
    { detached: true, env: options.env, cwd: options.cwd, stdio: ['pipe', 'pipe', 'pipe', 'pipe'] },
  )
  const { stdin, stdout, stderr } = keeping
  stdin.on('error', () => {})
  const stopNow = () => stdin.end()
  options.signal?.addEventListener('abort', stopNow)

  const lines: string[] = []
  for (const input of [stdout, stderr]) {
    createInterface({ input }).on('line', (line) => {
      lines.push(line)
      if (lines.length > 20) lines.shift()
      options.onLine?.(line)
    })
  }

  let running = true
  const started = Promise.withResolvers<number>()
  const ended = Promise.withResolvers<Ending>()
  let ending: Ending = { code: null, signal: 'SIGKILL' }
  const news = keeping.stdio[3]
  if (!(news instanceof Readable)) throw new Error('the keeper has no descriptor 3')
  createInterface({ input: news }).on('line', (line) => {
    const event: { pid?: number; error?: string } & Partial<Ending> = JSON.parse(line)
    if (event.pid !== undefined) started.resolve(event.pid)
    if (event.error !== undefined) started.reject(new Error(event.error))
    if (event.code !== undefined && event.signal !== undefined) {
      running = false
      ending = { code: event.code, signal: event.signal }
    }
  })
  keeping.on('close', () => {
    running = false
    options.signal?.removeEventListener('abort', stopNow)
    started.reject(new Error(`${options.command[0]} did not start: ${lines.join('\n')}`))
    ended.resolve(ending)
  })

  const pid = await started.promise
  return {
    pid,
    isRunning: () => running,
    ended: ended.promise,
    lastWords: () => lines.join('\n'),
    kill(signal) {
      if (running) signalProcess(pid, signal)
    },
    async stop() {
      stopNow()
      await ended.promise
    },
  }
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    // It has just ended, and its keeper has not said so yet.
    if (!isNativeError(error) || !('code' in error) || error.code !== 'ESRCH') throw error
  }
}

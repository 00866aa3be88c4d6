import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type KeptChild, keepChild } from '../services/keep-child.ts'
import { type KeptRunning, keepRunning } from '../services/keep-running.ts'
import { say } from './say.ts'
import { StartError } from './start-error.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

// A server drains for ten seconds at most. If an e-mail takes the worker longer, it is sent again.
const patience = 11_000
const msToAnswer = 60_000

type ServerOptions = {
  name: 'auth-server' | 'product-server' | 'mail-worker'
  /** Its address on this machine. */
  address: string
  env: NodeJS.ProcessEnv
  signal: AbortSignal
}

/**
 * Runs one of the apps, shows its output, and restarts it when it ends.
 *
 * @throws StartError if it ends before it answers for the first time
 */
export function startServer({ signal, ...server }: ServerOptions): Promise<KeptRunning> {
  const run = (ending: AbortSignal) => runServer({ ...server, signal: ending })
  return keepRunning({ name: server.name, run, log: say, signal })
}

async function runServer({ name, address, env, signal }: ServerOptions): Promise<KeptChild> {
  const label = name.padEnd('product-server'.length)
  const child = await keepChild({
    command: [process.execPath, '-C', 'source', `apps/${name}/src/main.ts`],
    cwd: root,
    env,
    patience,
    signal,
    onLine: (line) => say(`${label} │ ${line}`),
  })
  const deadline = Date.now() + msToAnswer
  while (child.isRunning() && Date.now() < deadline) {
    // oxlint-disable no-await-in-loop -- until it answers
    if (await answers(`${address}/healthz`)) return child
    await sleep(50)
  }
  const isLate = child.isRunning()
  await child.stop()
  const { code, signal: by } = await child.ended
  const how = by === null ? `ended with exit code ${code}` : `was killed by ${by}`
  throw new StartError(isLate ? `${name} does not answer at ${address}.` : `${name} ${how}.`)
}

function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    async (answer) => {
      await answer.body?.cancel()
      return answer.ok
    },
    () => false,
  )
}

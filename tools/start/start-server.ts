import { fileURLToPath } from 'node:url'
import { keepChild } from '../services/keep-child.ts'
import { say } from './say.ts'
import { StartError } from './start-error.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

// A server drains for ten seconds at most; a mail that takes the worker longer is sent again.
const patience = 11_000

type ServerOptions = {
  name: 'auth-server' | 'product-server' | 'mail-worker'
  env: NodeJS.ProcessEnv
  signal: AbortSignal
}

/** Runs one of the apps and shows what it writes; `ended` rejects with a StartError when it ends. */
export async function startServer({ name, env, signal }: ServerOptions) {
  const label = name.padEnd('product-server'.length)
  const child = await keepChild({
    command: [process.execPath, '-C', 'source', `apps/${name}/src/main.ts`],
    cwd: root,
    env,
    patience,
    signal,
    onLine: (line) => say(`${label} │ ${line}`),
  })
  const ended = child.ended.then(({ code, signal: by }): never => {
    throw new StartError(`${name} ended ${by === null ? `with exit code ${code}` : `by ${by}`}.`)
  })
  ended.catch(() => undefined)
  return { ended, stop: () => child.stop() }
}

import { createServer } from 'node:net'
import type { StartSettings } from './read-start-settings.ts'
import { StartError } from './start-error.ts'

/** @throws StartError with every port that cannot be used, and the settings that choose others */
export async function checkPorts(
  settings: Pick<StartSettings, 'authPort' | 'productPort'>,
): Promise<void> {
  const { authPort, productPort } = settings
  if (authPort === productPort)
    throw new StartError(`PORT and PRODUCT_PORT are both ${authPort}: choose different ones.`)
  const wanted = [
    { port: authPort, setting: 'PORT' },
    { port: productPort, setting: 'PRODUCT_PORT' },
  ]
  const checked = await Promise.all(wanted.map(withProblem))
  const problems = checked.filter(({ problem }) => problem !== undefined)
  if (problems.length === 0) return
  const others = problems.map(({ port, setting }) => `${setting}=8${String(port).slice(-3)}`)
  throw new StartError(
    `${problems.map(({ port, problem }) => `Port ${port} ${problem}.`).join(' ')} Choose ${problems.length === 1 ? 'another' : 'others'}: ${others.join(' ')} npm start`,
  )
}

type Wanted = { port: number; setting: string }

function withProblem({ port, setting }: Wanted): Promise<Wanted & { problem?: string }> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', ({ code }: NodeJS.ErrnoException) => {
      const problem = code === 'EADDRINUSE' ? 'is taken' : `cannot be used (${code})`
      resolve({ port, setting, problem })
    })
    server.listen(port, () => server.close(() => resolve({ port, setting })))
  })
}

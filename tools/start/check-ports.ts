import { createServer } from 'node:net'
import type { StartSettings } from './read-start-settings.ts'
import { StartError } from './start-error.ts'

/** @throws StartError if a port cannot be used, with the setting that chooses another */
export async function checkPorts(
  settings: Pick<StartSettings, 'authPort' | 'productPort'>,
): Promise<void> {
  const { authPort, productPort } = settings
  if (authPort === productPort)
    throw new StartError(`PORT and PRODUCT_PORT are both ${authPort}: choose different ones.`)
  await checkPort(authPort, 'PORT')
  await checkPort(productPort, 'PRODUCT_PORT')
}

function checkPort(port: number, setting: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new StartError(problemOf(port, setting, error.code)))
    })
    server.listen(port, () => server.close(() => resolve()))
  })
}

function problemOf(port: number, setting: string, code: string | undefined): string {
  const problem = code === 'EADDRINUSE' ? 'is taken' : `cannot be used (${code})`
  return `Port ${port} ${problem}. Choose another with ${setting}, for example ${setting}=8${String(port).slice(-3)} npm start`
}

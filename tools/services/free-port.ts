import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

// Below the ports that systems give to outgoing connections and to `listen(0)`. Between this look and the
// server's start, and while a test restarts a server, nobody is given such a port by chance.
const [FIRST, LAST] = [20_000, 32_767]

/** A free TCP port: the preferred one if possible. */
export async function findFreePort(preferred?: number): Promise<number> {
  const port = preferred ?? randomInt(FIRST, LAST + 1)
  return (await isFree(port)) ? port : findFreePort()
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}

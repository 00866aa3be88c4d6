import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

// Servers listen for another 200 ms after they report that they are draining.
const ASK_EVERY_MS = 50

/**
 * Replaces a production proxy in front of several servers: asks each for `/readyz`, and passes a request to
 * the next one that is ready. It never repeats a request.
 */
export async function startReadyProxy(origins: readonly string[]) {
  const ready = new Set<string>()
  let turn = 0
  const closing = new AbortController()

  async function watch(origin: string): Promise<void> {
    while (!closing.signal.aborted) {
      const answer = await fetch(`${origin}/readyz`, {
        headers: { connection: 'close' },
      }).catch(() => undefined)
      if (answer?.ok) ready.add(origin)
      else ready.delete(origin)
      await sleep(ASK_EVERY_MS)
    }
  }
  const watching = Promise.all(origins.map(watch))

  function next(): string | undefined {
    const all = origins.filter((origin) => ready.has(origin))
    turn += 1
    return all[turn % all.length]
  }

  const server = createServer((req, res) => forward(next(), req, res)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    origin: `http://127.0.0.1:${port}`,
    async untilReady(origin: string) {
      while (!ready.has(origin)) await sleep(ASK_EVERY_MS)
    },
    async stop() {
      closing.abort()
      await watching
      server.closeAllConnections()
      server.close()
    },
  }
}

function forward(origin: string | undefined, req: IncomingMessage, res: ServerResponse): void {
  if (origin === undefined) return void res.writeHead(502).end()
  const { method = 'GET', url = '/' } = req
  // Each request has its own connection, so no server can be about to close it.
  const headers = { ...req.headers, connection: 'close' }
  const sent = request(new URL(url, origin), { method, headers, agent: false }, (answer) => {
    res.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(res)
  })
  sent.on('error', () => (res.headersSent ? res.destroy() : res.writeHead(502).end()))
  req.pipe(sent)
}

import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'

// Servers listen for another 200 ms after they report that they are draining.
const ASK_EVERY_MS = 50

/**
 * Replaces a production proxy in front of several servers: asks each for `/readyz`, and passes a request to
 * the next one that is ready. It never sends a request twice.
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

  function inTurn(): string[] {
    const all = origins.filter((origin) => ready.has(origin))
    turn += 1
    const at = turn % all.length
    return [...all.slice(at), ...all.slice(0, at)]
  }

  const server = createServer((req, res) => void forward(inTurn(), req, res))
  server.listen(0, '127.0.0.1')
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

/** Passes a request on to the first of these servers that accepts a connection, as nginx and HAProxy do. */
async function forward(
  origins: string[],
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const body = await buffer(req)
  const { method = 'GET', url = '/' } = req
  // Each request has its own connection, so no server can be about to close it.
  const headers = { ...req.headers, connection: 'close' }
  for (const origin of origins) {
    const sent = request(new URL(url, origin), { method, headers, agent: false }).end(body)
    // oxlint-disable-next-line no-await-in-loop
    const { answer, error } = await outcome(sent)
    if (error?.code === 'ECONNREFUSED') continue
    if (!answer) break
    res.writeHead(answer.statusCode ?? 502, answer.headers)
    return void answer.pipe(res)
  }
  res.writeHead(502).end()
}

function outcome(
  sent: ClientRequest,
): Promise<{ answer?: IncomingMessage; error?: NodeJS.ErrnoException }> {
  return new Promise((resolve) => {
    sent.on('response', (answer) => resolve({ answer })).on('error', (error) => resolve({ error }))
  })
}

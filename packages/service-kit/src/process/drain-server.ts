import type { Server, ServerResponse } from 'node:http'
import { Server as TcpServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

// Long enough for what a client had already sent on a kept-alive connection to arrive.
const lameDuckMs = 200

/**
 * Watches a server from its start so that it can be ended without resetting a request: the function
 * that comes back resolves when the last connection is gone.
 */
export function watchConnections(server: Server): () => Promise<void> {
  const sockets = new Set<Socket>()
  const unanswered = new Set<ServerResponse>()
  let ending = false

  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.prependListener('request', (_req, res) => {
    unanswered.add(res)
    if (ending) announceEnd(res)
    res.once('close', () => {
      unanswered.delete(res)
      // Its headers may have gone out before the end was known: then the connection is idle now.
      if (ending) setImmediate(() => server.closeIdleConnections())
    })
  })

  return async function drain() {
    ending = true
    for (const res of unanswered) announceEnd(res)
    await sleep(lameDuckMs)
    const closed = stopListening(server)
    server.closeIdleConnections()
    // Opened ahead of need, as browsers do, and never used: Node does not count these as idle.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
    await closed
  }
}

function announceEnd(res: ServerResponse): void {
  if (!res.headersSent) res.setHeader('Connection', 'close')
}

function stopListening(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  TcpServer.prototype.close.call(server, () => resolve())
  return promise
}

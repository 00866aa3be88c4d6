import type { Server, ServerResponse } from 'node:http'
import { Server as TcpServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

// Long enough for a request that a client has already sent on a kept-alive connection to arrive.
const lameDuckMs = 200

/**
 * Watches a server from its start, so that it can stop without cutting off a request.
 *
 * @returns a function that stops the server and resolves when the last connection is closed
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
      // If its headers went out before the server began to stop, the connection is idle now.
      if (ending) setImmediate(() => server.closeIdleConnections())
    })
  })

  return async function drain() {
    ending = true
    for (const res of unanswered) announceEnd(res)
    await sleep(lameDuckMs)
    const closed = stopListening(server)
    server.closeIdleConnections()
    // Browsers open connections ahead of need. Node does not count unused ones as idle.
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

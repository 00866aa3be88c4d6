import { once } from 'node:events'
import { createConnection, createServer, type Socket } from 'node:net'

/** What to wait for on a connection. */
export type Sight = {
  /** Bytes that only this kind of request contains. */
  request: string
  /** The request to the server, or the server's answer to it. */
  at: 'request' | 'answer'
  /** How many to let pass first. */
  skip?: number
}

/** A proxy in front of a server. It sees every message and can act before the message arrives. */
export type Tap = {
  url: string
  /**
   * Calls `act` once, at the first match, before the bytes go on. A matching answer never arrives, a
   * matching request may. Resolves when `act` does.
   */
  strike(sight: Sight, act: () => void): Promise<void>
  close(): Promise<void>
}

type Watch = { sight: Sight; left: number; struck: () => void }

/** Starts a tap in front of the server at this address, on a port of its own. */
export async function tapLink(target: string): Promise<Tap> {
  const { hostname, port, protocol, username, password } = new URL(target)
  const sockets = new Set<Socket>()
  let watch: Watch | undefined

  /** Whether these bytes match, which ends the watch. */
  function isStruck(at: Sight['at'], matches: boolean): boolean {
    if (!matches || watch?.sight.at !== at) return false
    watch.left -= 1
    if (watch.left >= 0) return false
    const { struck } = watch
    watch = undefined
    struck()
    return true
  }

  const server = createServer((client) => {
    const upstream = createConnection(Number(port), hostname)
    let isAsked = false
    join(client, upstream, (chunk) => {
      const matches = watch !== undefined && chunk.includes(watch.sight.request, 0, 'latin1')
      isAsked ||= matches
      isStruck('request', matches)
      return true
    })
    join(upstream, client, () => {
      const matches = isAsked
      isAsked = false
      return !isStruck('answer', matches)
    })
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const ownPort = typeof address === 'object' && address ? address.port : 0
  const account = username ? `${username}:${password}@` : ''

  return {
    url: `${protocol}//${account}127.0.0.1:${ownPort}`,
    strike(sight, act) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const struck = () => {
        act()
        resolve()
      }
      watch = { sight, left: sight.skip ?? 0, struck }
      return promise
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Carries those bytes from one to the other that `passes` accepts. */
function join(from: Socket, to: Socket, passes: (chunk: Buffer) => boolean): void {
  from.setNoDelay(true)
  from.on('data', (chunk: Buffer) => {
    if (passes(chunk)) to.write(chunk)
  })
  from.on('error', () => to.destroy())
  from.on('close', () => to.destroy())
}

import { connect } from 'node:net'

/** The first bytes of a server's answer to `request`; empty if it does not answer within a second. */
export function exchangeBytes(host: string, port: number, request: Buffer): Promise<Buffer> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1000 })
    const answer = (bytes: Buffer) => {
      socket.destroy()
      resolve(bytes)
    }
    socket.on('connect', () => socket.write(request))
    socket.on('data', answer)
    for (const event of ['timeout', 'error', 'close']) {
      socket.on(event, () => answer(Buffer.alloc(0)))
    }
  })
}

import type { Socket } from 'node:net'

type Delay = { holds: number; destroy: (() => void) | undefined }

const delays = new WeakMap<Socket, Delay>()

/**
 * Express destroys the connection if a handler throws after its answer. Delays that while the answer
 * is held. Call the returned function once the answer is out.
 */
export function delayDestroy(socket: Socket): () => void {
  const delay = delays.get(socket) ?? startDelay(socket)
  delay.holds += 1
  return function allowDestroy() {
    delay.holds -= 1
    if (delay.holds > 0) return // Pipelined requests share a connection.
    delays.delete(socket)
    Reflect.deleteProperty(socket, 'destroy')
    delay.destroy?.()
  }
}

function startDelay(socket: Socket): Delay {
  const delay: Delay = { holds: 0, destroy: undefined }
  const destroy = socket.destroy.bind(socket)
  delays.set(socket, delay)
  socket.destroy = (error?: Error) => {
    delay.destroy ??= () => destroy(error)
    return socket
  }
  return delay
}

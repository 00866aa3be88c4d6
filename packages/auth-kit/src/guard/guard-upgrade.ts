import { STATUS_CODES, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { AuthError } from '../errors.ts'

/** Lets an upgrade pass if its user is signed in; else answers it on the socket and closes that. */
export type UpgradeGuard = (req: IncomingMessage, socket: Duplex, next: () => void) => void

/** The guard of WebSocket upgrades, from the steps that any request goes through. */
export function upgradeGuard(steps: readonly object[]): UpgradeGuard {
  return function upgrade(req, socket, next) {
    // Node takes its own listener off an upgraded socket, and a reset would end the process.
    const ignore = () => undefined
    socket.on('error', ignore)
    runSteps(steps, req, (error) => {
      socket.off('error', ignore)
      if (socket.destroyed) return
      if (error === undefined) next()
      else refuse(socket, error)
    })
  }
}

/** An upgrade has no answer that middleware could use. */
function runSteps(
  [step, ...rest]: readonly object[],
  req: IncomingMessage,
  done: (error?: unknown) => void,
): void {
  if (!step) return done()
  const next = (error?: unknown) => (error === undefined ? runSteps(rest, req, done) : done(error))
  Reflect.apply(Object(step), undefined, [req, {}, next])
}

function refuse(socket: Duplex, error: unknown): void {
  const { status, headers } = error instanceof AuthError ? error : { status: 500, headers: {} }
  const lines = Object.entries({ ...headers, Connection: 'close', 'Content-Length': '0' })
  socket.on('error', () => undefined)
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      ...lines.map(([name, value]) => `${name}: ${value}`),
      '\r\n',
    ].join('\r\n'),
  )
}

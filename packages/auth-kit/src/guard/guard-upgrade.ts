import { STATUS_CODES, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { AuthError } from '../errors.ts'
import { problemDetails } from './answer-error.ts'

/** Calls `next` if the user is signed in. Otherwise answers on the socket and closes it. */
export type UpgradeGuard = (req: IncomingMessage, socket: Duplex, next: () => void) => void

/** Builds the guard for WebSocket upgrades from the middleware of normal requests. */
export function upgradeGuard(steps: readonly object[]): UpgradeGuard {
  return function upgrade(req, socket, next) {
    // Node removes its own error listener from an upgraded socket; a reset would crash the process.
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

/** Runs the middleware with an empty response: an upgrade has none. */
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
  const body = error instanceof AuthError ? problemDetails(error) : ''
  const type = body && { 'Content-Type': 'application/problem+json' }
  const length = String(Buffer.byteLength(body))
  const lines = Object.entries({
    ...headers,
    ...type,
    'Cache-Control': 'no-store',
    Connection: 'close',
    'Content-Length': length,
  })
  socket.on('error', () => undefined)
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      ...lines.map(([name, value]) => `${name}: ${value}`),
      '',
      body,
    ].join('\r\n'),
  )
}

import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { afterEach, describe, expect, it } from '@jest/globals'
import { AuthError } from '../errors.ts'
import { upgradeGuard } from './guard-upgrade.ts'

type Next = (error?: unknown) => void
type Step = (req: IncomingMessage, res: object, next: Next) => void

const servers: ReturnType<typeof createServer>[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** A client that asks for an upgrade behind these steps, and how often the guard let it pass. */
async function ask(steps: Step[]) {
  const passed: Duplex[] = []
  const server = createServer().listen(0, '127.0.0.1')
  servers.push(server)
  server.on('upgrade', (req, socket: Duplex) =>
    upgradeGuard(steps)(req, socket, () => {
      passed.push(socket)
      socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n')
    }),
  )
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const client = connect(port, '127.0.0.1').on('error', () => undefined)
  client.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  return { client, passed }
}

async function textOf(client: Socket): Promise<string> {
  return (await client.setEncoding('utf8').toArray()).join('')
}

const refusal = new AuthError({
  code: 'not_signed_in',
  status: 401,
  message: 'Please sign in.',
  headers: { 'WWW-Authenticate': 'Session' },
})

describe('the guard of an upgrade', () => {
  it('lets a request pass that every step lets pass', async () => {
    const { client, passed } = await ask([
      (_req, _res, next) => next(),
      (_req, _res, next) => next(),
    ])
    expect(await textOf(client)).toMatch(/^HTTP\/1\.1 101 /)
    expect(passed).toHaveLength(1)
  })

  it('answers the error of a step, whichever it is, and closes the connection', async () => {
    const { client, passed } = await ask([
      (_req, _res, next) => next(),
      (_req, _res, next) => next(refusal),
    ])
    const answer = await textOf(client)
    expect(answer).toMatch(/^HTTP\/1\.1 401 Unauthorized\r\nWWW-Authenticate: Session\r\n/)
    expect(answer).toContain('Connection: close')
    expect(passed).toEqual([])
  })

  it('answers an unknown error with a bare 500', async () => {
    const { client } = await ask([(_req, _res, next) => next(new TypeError('hunter2'))])
    const answer = await textOf(client)
    expect(answer).toMatch(/^HTTP\/1\.1 500 Internal Server Error\r\n/)
    expect(answer).not.toContain('hunter2')
  })

  it('lets nobody pass whose connection is gone by then', async () => {
    const { promise, resolve: hold } = Promise.withResolvers<Next>()
    const { client, passed } = await ask([(_req, _res, next) => hold(next)])
    const goOn = await promise
    client.resetAndDestroy()
    await new Promise((resolve) => setTimeout(resolve, 50))
    goOn()
    expect(passed).toEqual([])
  })

  it('outlives a connection that is reset while it is refused', async () => {
    const { promise, resolve: hold } = Promise.withResolvers<Next>()
    const { client, passed } = await ask([(_req, _res, next) => hold(next)])
    const goOn = await promise
    client.resetAndDestroy()
    goOn(refusal)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(passed).toEqual([])
  })
})

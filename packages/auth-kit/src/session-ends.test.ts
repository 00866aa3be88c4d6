import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { json } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import express from 'express'
import { Server as SocketIo } from 'socket.io'
import { WebSocket, WebSocketServer } from 'ws'
import { startOwnRedis } from '../../../tools/services/own-instances.ts'
import type { AuthKit } from './auth-kit.ts'
import { openRedis } from './redis/open-redis.ts'
import { ADA, makeHot, pause, sessionIdOf, startTestApp } from './test-app.fixture.ts'

type App = Awaited<ReturnType<typeof startTestApp>>
type SocketServer = Awaited<ReturnType<typeof startSockets>>

let redisServer: Awaited<ReturnType<typeof startOwnRedis>>
let redis: ReturnType<typeof openRedis>
let cached: App
let uncached: App
let elsewhere: App

beforeAll(async () => {
  redisServer = await startOwnRedis()
  redis = openRedis(redisServer.url, () => undefined)
  const options = { redis, publicUrl: 'http://localhost' }
  cached = await startTestApp(options)
  uncached = await startTestApp({ ...options, cache: false })
  elsewhere = await startTestApp({ ...options, cache: false })
})
afterAll(async () => {
  for (const app of [cached, uncached, elsewhere]) {
    app.auth.close()
    await app.close()
  }
  redis.disconnect()
  await redisServer.stop()
})

/** The README's code for each kind. */
const kinds = {
  ws: {
    path: '/',
    hello: '',
    serve(server: ReturnType<typeof createServer>, auth: AuthKit) {
      const sockets = new WebSocketServer({ noServer: true })
      server.on('upgrade', (req: IncomingMessage, socket, head) =>
        auth.upgrade(req, socket, () =>
          sockets.handleUpgrade(req, socket, head, (ws) => {
            ws.on(
              'close',
              auth.onSessionEnd(req, () => ws.close(1008, 'Signed out')),
            )
            ws.send('ready')
          }),
        ),
      )
    },
  },
  'socket.io': {
    path: '/socket.io/?EIO=4&transport=websocket',
    hello: '40', // CONNECT in its protocol
    serve(server: ReturnType<typeof createServer>, auth: AuthKit) {
      const io = new SocketIo(server, { transports: ['websocket'] })
      io.engine.use((req: IncomingMessage, _res: unknown, next: () => void) =>
        auth.upgrade(req, req.socket, next),
      )
      io.on('connection', (socket) => {
        socket.on(
          'disconnect',
          auth.onSessionEnd(socket.request, () => socket.disconnect(true)),
        )
        socket.emit('ready')
      })
    },
  },
} as const

async function startSockets(kind: keyof typeof kinds, auth: AuthKit) {
  const app = express().use(auth)
  app.get('/me', auth.loggedIn(), (req, res) => res.json({ user: req.user }))
  const server = createServer(app)
  kinds[kind].serve(server, auth)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0

  /** A socket that is open and has received its greeting, or the answer that refused it. */
  function connect(cookie: string): Promise<WebSocket | IncomingMessage> {
    const { path, hello } = kinds[kind]
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers: { cookie } })
    socket.on('error', () => undefined)
    if (hello) socket.on('open', () => socket.send(hello))
    return new Promise((resolve) => {
      socket.on(
        'message',
        (data) => Buffer.isBuffer(data) && data.includes('ready') && resolve(socket),
      )
      socket.on('unexpected-response', (_request, answer) => resolve(answer))
    })
  }
  async function open(cookie: string): Promise<WebSocket> {
    const socket = await connect(cookie)
    if (!(socket instanceof WebSocket)) throw new Error(`refused with ${socket.statusCode}`)
    return socket
  }
  const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`)
  return { connect, open, ask, close: () => server.close() }
}

/** The time from `end` until the socket closes, ms. */
async function closing(socket: WebSocket, end: () => Promise<unknown>): Promise<number> {
  const closed = once(socket, 'close')
  await end()
  const start = performance.now()
  await closed
  return performance.now() - start
}

describe.each(['ws', 'socket.io'] as const)('upgrade(), with %s,', (kind) => {
  let sockets: SocketServer
  beforeAll(async () => {
    sockets = await startSockets(kind, cached.auth)
  })
  afterAll(() => void sockets.close())

  it('answers 401 without a session, with problem details like any other request', async () => {
    const refused = await sockets.connect('')
    expect(refused).toMatchObject({
      statusCode: 401,
      headers: { 'content-type': 'application/problem+json' },
    })
    if (refused instanceof WebSocket) throw new Error('not refused')
    expect(await json(refused)).toMatchObject({ code: 'not_signed_in', status: 401 })
    expect(await sockets.connect('session=invented')).toMatchObject({ statusCode: 401 })
  })

  it('leaves the other requests to the Express app of the same server', async () => {
    expect((await sockets.ask('/me')).status).toBe(401)
    expect((await sockets.ask('/elsewhere')).status).toBe(404)
  })

  it('lets the socket close within a second of a sign-out on another server (R25)', async () => {
    const cookie = await elsewhere.signIn()
    await makeHot(cached, cookie)
    const socket = await sockets.open(cookie)
    const other = await sockets.open(await elsewhere.signIn())
    const took = await closing(socket, () => elsewhere.send('POST', '/logout', { cookie }))
    expect(took).toBeLessThan(1000)
    expect(other.readyState).toBe(WebSocket.OPEN)
    other.terminate()
  })

  it('answers 503 while Redis is down, and open sockets stay open (C4, R62)', async () => {
    const cookie = await elsewhere.signIn()
    const socket = await sockets.open(cookie)
    await redisServer.kill()
    await pause(100)
    expect(await sockets.connect(cookie)).toMatchObject({
      statusCode: 503,
      headers: { 'retry-after': '1' },
    })
    await pause(600)
    expect(socket.readyState).toBe(WebSocket.OPEN)
    await redisServer.restart()
    while (redis.status !== 'ready') await pause(20)
    socket.terminate()
  })
})

describe.each([
  ['with the cache', () => cached],
  ['without the cache', () => uncached],
] as const)('onSessionEnd, %s', (_, given) => {
  const watch = (sessionID: string) => {
    const calls: number[] = []
    const stop = given().auth.onSessionEnd({ sessionID }, () => void calls.push(1))
    return { calls, stop }
  }
  const ends: [string, (cookie: string) => Promise<unknown>][] = [
    ['a sign-out here', (cookie) => given().send('POST', '/logout', { cookie })],
    ['a sign-out on another server', (cookie) => elsewhere.send('POST', '/logout', { cookie })],
    ['the end of all sessions of the user', () => elsewhere.store.endSessions(ADA.id)],
    ['its expiry', (cookie) => redis.pexpire(`sess:${sessionIdOf(cookie)}`, 50)],
  ]

  it.each(ends)('calls back once, within a second, after %s (R25, R26)', async (_, end) => {
    const cookie = await elsewhere.signIn()
    await given().send('GET', '/me', { cookie })
    const ended = watch(sessionIdOf(cookie))
    const stopped = watch(sessionIdOf(cookie))
    stopped.stop()
    await pause(100)
    expect(ended.calls).toEqual([])
    await end(cookie)
    await pause(1000)
    expect(ended.calls).toEqual([1])
    expect(stopped.calls).toEqual([])
  })

  it('calls back for a session that has already ended', async () => {
    const cookie = await elsewhere.signIn()
    await elsewhere.send('POST', '/logout', { cookie })
    const { calls } = watch(sessionIdOf(cookie))
    await pause(300)
    expect(calls).toEqual([1])
  })

  it('throws without a request that passed through the kit, or its session', () => {
    expect(() => given().auth.onSessionEnd({}, () => undefined)).toThrow(TypeError)
  })
})

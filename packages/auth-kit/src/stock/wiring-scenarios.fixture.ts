import { once } from 'node:events'
import { createServer } from 'node:http'
import cookieSession from 'cookie-session'
import express, { type NextFunction, type Request, type Response, Router } from 'express'
import expressSession from 'express-session'
import { Server } from 'socket.io'
import { openBrowser } from './browser.fixture.ts'
import type { Chain, Scenario } from './stock-and-kit.fixture.ts'

/** Runs a chain over a request, as an app would. */
async function runChain({ handlers }: Chain, req: object, res: object): Promise<void> {
  for (const handler of handlers) {
    // oxlint-disable-next-line no-await-in-loop
    await new Promise<void>((resolve, reject) => {
      const next = (error?: unknown) => (error ? reject(error) : resolve())
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what WebSocket servers pass
      handler(req as Request, res as Response, next as NextFunction)
    })
  }
}

function count(session: object): number {
  const n = Number(Reflect.get(session, 'n') ?? 0) + 1
  Object.assign(session, { n })
  return n
}

const inFront = {
  'a mock of req.session in front': (req: Request, _res: Response, next: NextFunction) =>
    next(void Object.assign(req, { session: { user: 1 } })),
  'cookie-session in front': cookieSession({ name: 'own', keys: ['a key'] }),
  'another express-session in front': expressSession({
    name: 'own',
    secret: 'another secret',
    resave: false,
    saveUninitialized: false,
  }),
}

export const wiringScenarios: Scenario[] = [
  {
    title: 'the middleware mounted twice',
    async run(start) {
      const app = await start((app, { handlers }) => {
        const router = Router().use(...handlers)
        app.use(
          '/r',
          router.get('/in', (req, res) => res.json(count(req.session))),
        )
      })
      return [await app.get('/put'), await app.get('/r/in'), await app.get('/show')]
    },
  },
  ...Object.entries(inFront).map(([title, handler]): Scenario => ({
    title,
    unlike: '`req.session` of middleware in front',
    async run(start) {
      const app = await start(undefined, { before: [handler] })
      return [(await app.get('/put')).status, (await app.get('/put')).status]
    },
  })),
  {
    title: 'the middleware run on a WebSocket upgrade',
    async run(start) {
      const app = await start()
      await app.get('/put')
      const headers = { cookie: app.cookie() }
      const req = { headers, url: '/socket', method: 'GET', connection: {}, socket: {} }
      await runChain(app, req, {})
      return Reflect.get(Object(Reflect.get(req, 'session')), 'n')
    },
  },
  {
    title: 'socket.io: the session of a socket, reloaded, changed and saved',
    async run(start) {
      const app = await start()
      await app.get('/put')
      const io = new Server(app.server, { transports: ['polling'] })
      for (const handler of app.handlers) io.engine.use(handler)
      const { promise: saved, resolve } = Promise.withResolvers()
      io.on('connection', ({ request }) => {
        const { session } = Object(request)
        session.reload((error: unknown) => {
          const n = error ?? count(Object(request).session)
          Object(request).session.save((failed?: Error) => resolve([failed?.message ?? '', n]))
        })
      })
      const headers = { cookie: app.cookie() }
      const path = `${app.origin}/socket.io/?EIO=4&transport=polling`
      const handshake = await (await fetch(path, { headers })).text()
      const { sid } = JSON.parse(handshake.slice(1))
      await fetch(`${path}&sid=${sid}`, { method: 'POST', headers, body: '40' })
      const outcomes = [await saved, await app.get('/show')]
      io.engine.close()
      return outcomes
    },
  },
  {
    title: 'a server without Express',
    async run(start) {
      const chain = await start()
      const server = createServer((req, res) => {
        const [session] = chain.handlers
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Node's own, on purpose
        session?.(req as Request, res as Response, (error) => {
          res.end(error ? String(error) : String(count(Object(req).session)))
        })
      }).listen(0, '127.0.0.1')
      await once(server, 'listening')
      const browser = openBrowser(server)
      const outcomes = [await browser.get('/'), await browser.get('/')]
      server.closeAllConnections()
      server.close()
      return outcomes
    },
  },
  {
    title: 'the middleware in an app that is mounted in another one',
    async run(start) {
      const app = await start((app, { handlers }) => {
        const inner = express().use(...handlers)
        app.use(
          '/inner',
          inner.get('/', (req, res) => res.json(count(req.session))),
        )
      })
      return [await app.get('/inner'), await app.get('/inner/'), await app.get('/show')]
    },
  },
]

/** Calls a method of a store and gives its outcome, without what every session has. */
function ask(call: (done: (error?: unknown, value?: unknown) => void) => void): Promise<unknown> {
  return new Promise((resolve) =>
    call((error, value) => {
      const { cookie, authKit, ...content } = Object(value)
      resolve(error ? `failed: ${Object(error).code}` : value && content)
    }),
  )
}

const newCookie = () => {
  const cookie = new expressSession.Cookie()
  cookie.maxAge = 1_000_000
  return cookie
}

export const storeScenarios: Scenario[] = [
  {
    title: 'set is an upsert',
    async run(start) {
      const { store } = await start()
      const read = () => ask((done) => store.get('a', done))
      const set = (content: object) =>
        ask((done) => store.set('a', { cookie: newCookie(), ...content }, done))
      return [await set({ x: 1 }), await read(), await set({ x: 2, y: 1 }), await read()]
    },
  },
  {
    title: 'set after destroy',
    unlike: '`store.set` of a session that has ended',
    async run(start) {
      const { store } = await start()
      const set = () => ask((done) => store.set('a', { cookie: newCookie() }, done))
      await set()
      await ask((done) => store.destroy('a', done))
      return [await set(), await ask((done) => store.get('a', done))]
    },
  },
  {
    title: 'load, touch and destroy, of what is there and of what is not',
    async run(start) {
      const { store } = await start()
      const session = { cookie: newCookie(), x: 1 }
      await ask((done) => store.set('b', session, done))
      return [
        await ask((done) => store.load('b', done)),
        await ask((done) => store.load('nobody', done)),
        await ask((done) => store.touch?.('b', session, done)),
        await ask((done) => store.touch?.('nobody', session, done)),
        await ask((done) => store.destroy('nobody', done)),
      ]
    },
  },
  {
    title: 'the optional methods of a store',
    unlike: '`store.all`, `ids`, `length` and `clear`',
    async run(start) {
      const { store } = await start()
      return ['all', 'ids', 'length', 'clear', 'touch'].map(
        (name) => typeof Reflect.get(store, name),
      )
    },
  },
]

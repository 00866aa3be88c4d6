import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { RedisStore } from 'connect-redis'
import express, {
  type Express,
  type NextFunction,
  type RequestHandler,
  type Response,
} from 'express'
import expressSession, { type Store } from 'express-session'
import { Passport } from 'passport'
import { Strategy } from 'passport-local'
import { createClient } from 'redis'
import { testRedis } from '../../../../tools/testing/test-services.ts'
import { authKit } from '../auth-kit.ts'
import type { SessionStore } from '../session/session-store.ts'
import { ADA } from '../test-app.fixture.ts'
import { openBrowser, type Browser } from './browser.fixture.ts'

/** The stock chain, and the kit with the session in memory, not in memory, and without the cache. */
export const kinds = ['stock', 'hot', 'cold', 'uncached'] as const
export type Kind = (typeof kinds)[number]

/** A scenario, whose outcome is compared as JSON. */
export type Scenario = {
  title: string
  /** The row of the kit's README that says how the kit differs here, and why. */
  unlike?: string
  run: (start: Start) => Promise<unknown>
}

export type Chain = {
  kind: Kind
  handlers: RequestHandler[]
  passport: ReturnType<typeof newPassport>
  store: Store
  prefix: string
  redis: Awaited<ReturnType<typeof testRedis>>['redis']
}

type Build = (app: Express, chain: Chain) => void
type Options = { before?: RequestHandler[] }

/** Starts an app with `/put` and `/show` behind the chain of the kind under test. */
export type Start = (build?: Build, options?: Options) => Promise<StartedApp>
export type StartedApp = Chain & Browser & { server: Server }

export const secret = 'a secret of both apps, long enough'

/** A Passport with two strategies: the passwords are `right` and `second`, and `boom` fails. */
function newPassport() {
  const passport = new Passport()
  passport.use(
    new Strategy((username, password, done) => {
      if (password === 'boom') return done(new Error('no database'))
      if (password !== 'right') return done(null, false, { message: 'wrong password' })
      return done(null, { ...ADA, username }, { message: 'welcome' })
    }),
  )
  const second = new Strategy((username, password, done) =>
    done(null, password === 'second' && { ...ADA, username }),
  )
  passport.use('second', second)
  return passport
}

export async function openStockAndKit() {
  const { redis, url, prefix, close } = await testRedis()
  const client = createClient({ url })
  await client.connect()
  const opened: (() => void)[] = []
  let chains = 0

  function stockChain(prefix: string): Omit<Chain, 'kind' | 'redis'> {
    const passport = newPassport()
    passport.serializeUser((user, done) => done(null, user))
    passport.deserializeUser((user: Express.User, done) => done(null, user))
    const store = new RedisStore({ client, prefix })
    const cookie = { httpOnly: true, sameSite: 'strict', maxAge: 14 * 86_400_000 } as const
    const options = { name: 'session', secret, resave: false, saveUninitialized: false }
    const handlers = [expressSession({ ...options, store, cookie }), passport.session()]
    return { handlers, passport, store, prefix }
  }

  function kitChain(prefix: string, cache: boolean) {
    const passport = newPassport()
    const publicUrl = 'http://localhost'
    const auth = authKit({ redis, secrets: [secret], prefix, publicUrl, passport, cache })
    opened.push(() => auth.close())
    return { handlers: [auth], passport, store: auth.store, prefix }
  }

  /** Rewrites the stored session unchanged, so that caches drop it. */
  async function cool(store: SessionStore, key: string, id: string): Promise<void> {
    const rewrite = `local json = redis.call('GET', KEYS[1])
      if json then redis.call('SET', KEYS[1], json, 'KEEPTTL') end`
    await redis.eval(rewrite, 1, key)
    await until(() => store.peek(id) === undefined)
  }

  async function warm(store: SessionStore, id: string): Promise<void> {
    await until(() => store.cacheStats()?.state === 'on')
    await store.getSession(id)
  }

  function temper(kind: Kind, prefix: string, store: SessionStore) {
    return async (id: string) => {
      if (kind === 'hot') await warm(store, id)
      if (kind === 'cold') await cool(store, `${prefix}${id}`, id)
    }
  }

  return {
    starter(kind: Kind): Start {
      return async function start(build = () => undefined, { before = [] } = {}) {
        const own = `${prefix}${(chains += 1)}:`
        const kit = kind === 'stock' ? undefined : kitChain(own, kind !== 'uncached')
        const chain = { kind, redis, ...(kit ?? stockChain(own)) }
        const app = buildApp(chain, { build, before })
        const server = createServer(app).listen(0, '127.0.0.1')
        await once(server, 'listening')
        opened.push(() => server.closeAllConnections())
        opened.push(() => void server.close())
        const beforeEach = kit ? temper(kind, own, kit.store) : undefined
        return { ...chain, server, ...openBrowser(server, beforeEach) }
      }
    },
    closeApps() {
      for (const close of opened.splice(0)) close()
    },
    async close() {
      await client.close()
      await close()
    },
  }
}

function buildApp(chain: Chain, { build, before }: { build: Build; before: RequestHandler[] }) {
  const app = express()
  app.set('env', 'test')
  app.use(...before, express.urlencoded({ extended: false }), ...chain.handlers)
  app.get('/put', (req, res) => {
    const n = Number(Reflect.get(req.session, 'n') ?? 0) + 1
    Object.assign(req.session, { n })
    res.send(String(n))
  })
  app.get('/show', (req, res) => {
    const own = (name: string) => name !== 'cookie' && name !== 'authKit'
    const fields = Object.keys(req.session).filter(own).toSorted()
    const n = Number(Reflect.get(req.session, 'n') ?? 0)
    res.json({ n, fields, username: req.user?.username, isAuthenticated: req.isAuthenticated() })
  })
  build(app, chain)
  app.use((error: Error, _req: express.Request, res: Response, next: NextFunction) => {
    if (res.headersSent) return next(error)
    res.status(Number(Reflect.get(error, 'status') ?? 500)).send(`Failed: ${error.message}`)
  })
  return app
}

async function until(isSo: () => boolean): Promise<void> {
  for (const end = performance.now() + 2000; performance.now() < end && !isSo();) {
    // oxlint-disable-next-line no-await-in-loop
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { RedisStore } from 'connect-redis'
import express, { type RequestHandler } from 'express'
import expressSession from 'express-session'
import { Passport } from 'passport'
import { createClient } from 'redis'
import { testRedis } from '../../../tools/testing/test-services.ts'
import { authKit, type AuthKit, type PublicUser } from './auth-kit.ts'

const secret = 'the secret that both apps share'
const ada: PublicUser = {
  id: '6f1e7ad2c0ffee0123456789',
  username: 'ada',
  email: 'ada@example.com',
  roles: ['admin'],
  verifiedAt: '2026-01-02T03:04:05.000Z',
}

type Services = Awaited<ReturnType<typeof testRedis>>
type App = {
  url: string
  close(): Promise<void>
  /** Makes the next change wait in its handler. Resolves there, with a function that releases it. */
  holdNextChange(): Promise<() => void>
}

describe('a stock app (express-session, connect-redis, node-redis, passport) beside the kit', () => {
  let services: Services
  let stockRedis: ReturnType<typeof createClient>
  let auth: AuthKit
  let kit: App
  let stock: App

  beforeAll(async () => {
    services = await testRedis()
    const { redis, url, prefix } = services
    auth = authKit({ redis, prefix, secrets: [secret], publicUrl: 'http://localhost' })
    kit = await serve([auth], auth.loggedIn())
    stockRedis = createClient({ url })
    await stockRedis.connect()
    stock = await serve(stockChain(stockRedis, prefix), (req, res, next) =>
      req.isAuthenticated() ? next() : void res.sendStatus(401),
    )
  })

  afterAll(async () => {
    await kit.close()
    await stock.close()
    await auth.store.endSessions(ada.id)
    await stockRedis.close()
    await services.close()
  })

  beforeEach(() => auth.store.endSessions(ada.id))

  it('honours a session that the kit created', async () => {
    const cookie = await signIn(kit)
    expect(await me(stock, cookie)).toMatchObject({ status: 200, session: { user: ada } })
  })

  it('creates sessions that the kit honours, stamps and lists for the user', async () => {
    const cookie = await signIn(stock)
    expect(await auth.store.listSessions(ada.id)).toEqual([])
    const before = Date.now()
    expect(await me(kit, cookie)).toMatchObject({ status: 200, session: { user: ada } })
    const [listed, ...others] = await auth.store.listSessions(ada.id)
    expect(others).toEqual([])
    expect(listed?.session.authKit?.startedAt).toBeGreaterThanOrEqual(before)
    expect(listed?.session).toMatchObject({
      // Unknown: a stock app does not store the time of the sign-in.
      authKit: { lastUsedAt: expect.any(Number), signIn: { id: expect.any(String), at: 0 } },
      passport: { user: ada },
    })
  })

  it.each(['the kit', 'a stock app'])(
    'shares session data with the kit, in a session of %s',
    async (maker) => {
      const cookie = await signIn(maker === 'the kit' ? kit : stock)
      await change(kit, cookie, { cart: ['tea'] })
      await change(stock, cookie, { colour: 'green' })
      await change(kit, cookie, { cart: ['tea', 'cake'] })
      const both = { user: ada, cart: ['tea', 'cake'], colour: 'green' }
      expect(await me(kit, cookie)).toMatchObject({ session: both })
      expect(await me(stock, cookie)).toMatchObject({ session: both })
    },
  )

  it('keeps its changes during a request to the kit', async () => {
    const cookie = await signIn(stock)
    const reached = kit.holdNextChange()
    const underWay = change(kit, cookie, { cart: ['tea'] })
    const release = await reached
    await change(stock, cookie, { colour: 'green' })
    release()
    await underWay
    expect(await me(stock, cookie)).toMatchObject({ session: { cart: ['tea'], colour: 'green' } })
  })

  it.each(['the kit', 'a stock app'])(
    'R25: refuses a session of %s that the kit ended',
    async (maker) => {
      const cookie = await signIn(maker === 'the kit' ? kit : stock)
      await signOut(kit, cookie)
      expect(await me(stock, cookie)).toMatchObject({ status: 401 })
    },
  )

  it('ends a session for the kit, too', async () => {
    const cookie = await signIn(kit)
    await signOut(stock, cookie)
    expect(await me(kit, cookie)).toMatchObject({ status: 401 })
  })

  it('C1: cannot revive a session that the kit ended during its request', async () => {
    const cookie = await signIn(kit)
    const reached = stock.holdNextChange()
    const underWay = change(stock, cookie, { colour: 'green' })
    const release = await reached
    await signOut(kit, cookie)
    release()
    expect(await underWay).toBe(204)
    const key = `${services.prefix}${sessionIdIn(cookie)}`
    expect(await services.redis.exists(key)).toBe(1) // revived, as a plain SET does
    expect(await me(kit, cookie)).toMatchObject({ status: 401 })
    expect(await services.redis.exists(key)).toBe(0)
    expect(await me(stock, cookie)).toMatchObject({ status: 401 })
  })

  it('R26: loses sessions that the kit never saw when all sessions of the user end', async () => {
    const cookies = [await signIn(stock), await signIn(stock), await signIn(kit)]
    const stranger = await signIn(stock, { ...ada, id: 'somebody-else' })
    await auth.store.endSessions(ada.id)
    for (const cookie of cookies) expect(await me(kit, cookie)).toMatchObject({ status: 401 })
    await auth.store.completeEnds()
    for (const cookie of cookies) expect(await me(stock, cookie)).toMatchObject({ status: 401 })
    expect(await me(stock, stranger)).toMatchObject({ status: 200 })
    await signOut(stock, stranger)
  })
})

/** The chain from the READMEs of these packages, without the kit. */
function stockChain(client: ReturnType<typeof createClient>, prefix: string): RequestHandler[] {
  const passport = new Passport()
  passport.serializeUser((user, done) => done(null, user))
  passport.deserializeUser((user: Express.User, done) => done(null, user))
  const session = expressSession({
    name: 'session',
    secret,
    store: new RedisStore({ client, prefix }),
    resave: false,
    saveUninitialized: false,
  })
  return [session, passport.session()]
}

/** The same small app behind either chain, on its own port. */
async function serve(chain: RequestHandler[], guard: RequestHandler): Promise<App> {
  let held: (() => Promise<void>) | undefined
  const app = express()
  app.use(express.json(), ...chain)
  app.post('/sign-in', (req, res, next) =>
    req.login(req.body, (error) => (error ? next(error) : res.sendStatus(204))),
  )
  app.post('/sign-out', (req, res, next) =>
    req.session.destroy((error) => (error ? next(error) : res.sendStatus(204))),
  )
  app.get('/me', guard, (req, res) => {
    res.json(Object.assign({}, req.session, { user: req.user }))
  })
  const wait: RequestHandler = (_req, _res, next) =>
    void (held ? held().then(() => next(), next) : next())
  app.post('/change', guard, wait, (req, res) => {
    Object.assign(req.session, req.body)
    res.sendStatus(204)
  })
  const server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address?.port

  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
    holdNextChange() {
      const { promise: released, resolve: release } = Promise.withResolvers<void>()
      return new Promise((reached) => {
        held = () => {
          held = undefined
          reached(release)
          return released
        }
      })
    },
  }
}

async function signIn({ url }: App, user: PublicUser = ada): Promise<string> {
  const answer = await post(`${url}/sign-in`, { body: user })
  expect(answer.status).toBe(204)
  const [cookie = ''] = (answer.headers.get('set-cookie') ?? '').split(';')
  return cookie
}

async function signOut({ url }: App, cookie: string): Promise<void> {
  expect((await post(`${url}/sign-out`, { cookie })).status).toBe(204)
}

async function change({ url }: App, cookie: string, fields: object): Promise<number> {
  return (await post(`${url}/change`, { cookie, body: fields })).status
}

async function me({ url }: App, cookie: string): Promise<{ status: number; session?: unknown }> {
  const answer = await fetch(`${url}/me`, { headers: { cookie } })
  return { status: answer.status, ...(answer.ok && { session: await answer.json() }) }
}

function post(url: string, { cookie, body = {} }: { cookie?: string; body?: object }) {
  const headers = { 'Content-Type': 'application/json', ...(cookie && { cookie }) }
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
}

function sessionIdIn(cookie: string): string {
  const [, id = ''] = /=s:([^.]+)\./.exec(decodeURIComponent(cookie)) ?? []
  return id
}

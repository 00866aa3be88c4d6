import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { RedisStore } from 'connect-redis'
import express, { type Express } from 'express'
import expressSession from 'express-session'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { Passport } from 'passport'
import { createClient } from 'redis'
import { testRedis } from '../../../../tools/testing/test-services.ts'
import { ADA, cookieOf, SECRETS, sessionIdOf, startTestApp } from '../test-app.fixture.ts'

const BOB = { ...ADA, id: 'bob-2', username: 'bob', email: 'bob@example.com', roles: [] }
const users: Record<string, typeof ADA> = { ada: ADA, bob: BOB }

let services: Awaited<ReturnType<typeof testRedis>>
let app: Awaited<ReturnType<typeof startTestApp>>
let stockRedis: ReturnType<typeof createClient>
let stock: Server

/** Passport's own ways to change the user of a session and keep everything else. */
function changeUsers(app: Express): void {
  app.post('/become/:name', (req, res, next) => {
    const user = users[req.params.name] ?? ADA
    req.login(user, { session: true, keepSessionInfo: true }, (error) =>
      error ? next(error) : res.json({}),
    )
  })
  app.post('/sign-out', (req, res, next) =>
    req.logout({ keepSessionInfo: true }, (error) => (error ? next(error) : res.json({}))),
  )
  app.post('/become-by-hand/:name', (req, res) => {
    req.session.passport = { user: users[req.params.name] ?? ADA }
    res.json({})
  })
}

beforeAll(async () => {
  services = await testRedis()
  const { url, prefix } = services
  app = await startTestApp({ ...services, publicUrl: 'http://localhost', routes: changeUsers })
  stockRedis = createClient({ url })
  await stockRedis.connect()
  const passport = new Passport()
  passport.serializeUser((user, done) => done(null, user))
  passport.deserializeUser((user: Express.User, done) => done(null, user))
  const stockApp = express().use(
    expressSession({
      name: 'session',
      secret: [...SECRETS],
      store: new RedisStore({ client: stockRedis, prefix }),
      resave: false,
      saveUninitialized: false,
    }),
    passport.session(),
  )
  changeUsers(stockApp)
  stock = createServer(stockApp).listen(0, '127.0.0.1')
  await once(stock, 'listening')
})
afterAll(async () => {
  stock.close()
  stock.closeAllConnections()
  await stockRedis.close()
  await app.close()
  await services.close()
})

/** Posts to the kit's app or to the stock app. Returns the cookie to use from then on. */
async function post(place: string, path: string, cookie: string): Promise<string> {
  if (place === 'kit') return cookieOf(await app.send('POST', path, { cookie })) || cookie
  const address = stock.address()
  const port = typeof address === 'object' ? address?.port : 0
  const headers = { cookie }
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers })
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? cookie
}

async function look(cookie: string) {
  await app.send('GET', '/me', { cookie })
  return app.store.getSession(sessionIdOf(cookie))
}

/** A session of Ada with app data in it. */
async function sessionOfAda() {
  const cookie = await app.signIn()
  await app.send('POST', '/fields?returnTo=/adas-secret', { cookie })
  return { cookie, before: await look(cookie) }
}

describe('a session whose user changes (R67)', () => {
  it.each([
    ['in an app with the kit', 'kit', ['/become/bob']],
    ['in an app with the kit, after a sign-out', 'kit', ['/sign-out', '/become/bob']],
    ['in an app with the kit, by hand', 'kit', ['/become-by-hand/bob']],
    ['in a stock app', 'stock', ['/become/bob']],
    ['in a stock app, after a sign-out', 'stock', ['/sign-out', '/become/bob']],
  ])('(R67) carries nothing over from the earlier user: %s', async (_, place, steps) => {
    const { cookie, before } = await sessionOfAda()
    let changed = cookie
    // oxlint-disable-next-line no-await-in-loop
    for (const step of steps) changed = await post(place, step, changed)
    const after = await look(changed)
    expect(after?.passport?.user).toEqual(BOB)
    expect(after?.authKit?.signIn?.id).toEqual(expect.any(String))
    expect(after?.authKit?.signIn?.id).not.toBe(before?.authKit?.signIn?.id)
    expect(after).not.toHaveProperty('returnTo')
    expect((await app.store.listSessions(ADA.id)).map(({ id }) => id)).not.toContain(
      sessionIdOf(changed),
    )
  })

  it('does not count the earlier user’s sign-in as recent', async () => {
    const { cookie } = await sessionOfAda()
    expect((await look(await post('stock', '/become/bob', cookie)))?.authKit?.signIn?.at).toBe(0)
  })

  it('keeps its data if the same user signs in again', async () => {
    const { cookie } = await sessionOfAda()
    const signedOut = await post('kit', '/sign-out', cookie)
    expect((await look(signedOut))?.authKit?.signIn).toBeUndefined()
    expect(await look(signedOut)).toMatchObject({ returnTo: '/adas-secret' })
    const again = await post('kit', '/become/ada', signedOut)
    expect(await look(again)).toMatchObject({ returnTo: '/adas-secret' })
  })

  it('keeps the data of a visitor if the app says so', async () => {
    const visitor = cookieOf(await app.send('POST', '/fields?cart=tea'))
    const ada = await post('kit', '/become/ada', visitor)
    expect(await look(ada)).toMatchObject({ cart: 'tea', passport: { user: ADA } })
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { RedisStore } from 'connect-redis'
import express, { type Express } from 'express'
import expressSession from 'express-session'
import { Passport } from 'passport'
import { createClient } from 'redis'
import request from 'supertest'
import { testRedis } from '../../../../../tools/testing/test-services.ts'
import { cookieOf, startTestApp } from '../../../testing/auth-server.fixture.ts'
import { sessionStatus, userSignedIn } from '../../../testing/signed-in.fixture.ts'
import {
  addTestClients,
  authorizePath,
  pairByCode,
  pkce,
  refresh,
  type TestServer,
} from '../../../testing/token-clients.fixture.ts'
import { publicUser } from '../../users/public-user.ts'
import { findUserById } from '../../users/find-user.ts'

let server: TestServer
let clients: Awaited<ReturnType<typeof addTestClients>>
let redis: ReturnType<typeof createClient>
let sibling: Express

beforeAll(async () => {
  server = await startTestApp()
  clients = await addTestClients(server)
  const services = await testRedis()
  redis = createClient({ url: services.url })
  await Promise.all([redis.connect(), services.close()])
  sibling = siblingApp()
})
afterAll(async () => {
  await server.close()
  await redis.close()
})

/** A stock app on the same sessions that signs in any user and keeps the rest of the session. */
function siblingApp(): Express {
  const passport = new Passport()
  passport.serializeUser((user, done) => done(null, user))
  passport.deserializeUser((user: Express.User, done) => done(null, user))
  const session = expressSession({
    name: 'session',
    secret: server.config.sessionSecrets,
    store: new RedisStore({ client: redis, prefix: `${server.keyPrefix}sess:` }),
    resave: false,
    saveUninitialized: false,
  })
  const app = express()
  app.use(express.json(), session, passport.session())
  app.post('/switch', (req, res, next) => {
    req.logout({ keepSessionInfo: true }, (error) => {
      if (error) return next(error)
      req.login(req.body, { keepSessionInfo: true, session: true }, (failed) =>
        failed ? next(failed) : res.sendStatus(204),
      )
    })
  })
  return app
}

/** The session of an admin with tokens at a client site, after the sibling signed in someone else. */
async function sessionOfAnother() {
  const { user: admin, cookie } = await userSignedIn(server, { roles: ['admin'] })
  const pair = await pairByCode(server, clients.site, cookie)
  const { id } = await server.addUser()
  const other = await findUserById(server.users, id)
  if (!other) throw new Error('no such user')
  const switched = request(sibling).post('/switch').set('Cookie', cookie)
  const answer = await switched.send(publicUser(other)).expect(204)
  return { admin, other, pair, cookie: cookieOf(answer) }
}

describe('a session whose user another app has changed', () => {
  it('R86 gives no token of the previous user, by the code flow or by POST /tokens', async () => {
    for (const ask of [byCode, byTokens]) {
      // oxlint-disable-next-line no-await-in-loop
      const { admin, cookie } = await sessionOfAnother()
      // oxlint-disable-next-line no-await-in-loop
      const before = await server.families.countDocuments({ userId: admin.id })
      // oxlint-disable-next-line no-await-in-loop
      await ask(cookie)
      // oxlint-disable-next-line no-await-in-loop
      expect(await server.families.countDocuments({ userId: admin.id })).toBe(before)
    }
  })

  it('R86 does not extend the SSO session of the previous user', async () => {
    const { admin, cookie } = await sessionOfAnother()
    const expiresAt = new Date(Date.now() - 1000)
    await server.signIns.updateMany({ userId: admin.id }, { expiresAt })
    await byTokens(cookie)
    expect(await server.signIns.findOne({ userId: admin.id }).lean()).toMatchObject({ expiresAt })
  })

  it('leaves the tokens of the previous user alone', async () => {
    const { pair, cookie } = await sessionOfAnother()
    await byTokens(cookie)
    await refresh(server, clients.site, pair.refresh_token).expect(200)
  })

  async function byCode(cookie: string) {
    const path = authorizePath(clients.site, pkce().challenge)
    await request(server.app).get(path).set('Cookie', cookie).expect(303)
  }

  async function byTokens(cookie: string) {
    const { audience } = clients.api
    const asked = request(server.app).post('/tokens').set('Cookie', cookie).send({ audience })
    await asked
  }
})

describe('a session that names another user’s SSO session', () => {
  it('R86 is refused and ended, so that the visitor is not redirected in a loop', async () => {
    for (const ask of ['tokens', 'code'] as const) {
      // oxlint-disable-next-line no-await-in-loop
      const { user, cookie } = await userSignedIn(server)
      // oxlint-disable-next-line no-await-in-loop
      await pairByCode(server, clients.site, cookie)
      // oxlint-disable-next-line no-await-in-loop
      const { id: other } = await server.addUser()
      // oxlint-disable-next-line no-await-in-loop
      await server.signIns.updateMany({ userId: user.id }, { userId: other })
      const { audience } = clients.api
      const path = authorizePath(clients.site, pkce().challenge)
      const asked =
        ask === 'tokens'
          ? request(server.app).post('/tokens').send({ audience }).expect(401)
          : request(server.app)
              .get(path)
              .expect('Location', /^\/login\?/)
      // oxlint-disable-next-line no-await-in-loop
      await asked.set('Cookie', cookie)
      // oxlint-disable-next-line no-await-in-loop
      expect(await sessionStatus(server, cookie)).toBe(401)
    }
  })
})

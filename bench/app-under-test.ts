import { setTimeout as pause } from 'node:timers/promises'
import { RedisStore } from 'connect-redis'
import express, { type Express, type RequestHandler } from 'express'
import expressSession from 'express-session'
import { Redis } from 'ioredis'
import { Passport } from 'passport'
import { createClient } from 'redis'
import { authKit } from '../packages/auth-kit/src/auth-kit.ts'

export type Variant = 'ours' | 'stock' | 'open'

export const USER: Express.User = {
  id: '6f1e7ad2c0ffee0123456789',
  username: 'ada',
  email: 'ada@example.com',
  roles: ['customer'],
  verifiedAt: '2026-01-02T03:04:05.000Z',
}

const secret = 'a secret for measuring'

/**
 * How long a handler that changes the session is busy, in ms at most, as if it asked a database.
 */
const WORK_MS = 5

/** The same small app with our chain, with the stock one, or open to all. */
export async function buildAppUnderTest(
  variant: Variant,
  { redisUrl, prefix }: { redisUrl: string; prefix: string },
): Promise<Express> {
  const app = express()
  if (variant === 'open') return app.get('/me', (_req, res) => void res.json({ user: USER }))
  const { chain, guard } =
    variant === 'ours' ? ourChain(redisUrl, prefix) : await stockChain(redisUrl, prefix)
  app.use(chain)
  app.post('/sign-in', (req, res, next) =>
    req.logIn(USER, (error) => (error ? next(error) : res.sendStatus(204))),
  )
  app.post('/sign-out', (req, res, next) =>
    req.session.destroy((error) => (error ? next(error) : res.sendStatus(204))),
  )
  app.get('/me', guard, (req, res) => void res.json({ user: req.user }))
  app.post('/visits/:id', guard, (req, res, next) => {
    const visit = () =>
      void res.json(Object.assign(req.session, { [`visit-${String(req.params.id)}`]: 1 }))
    pause(Math.random() * WORK_MS).then(visit, next)
  })
  return app
}

function ourChain(url: string, prefix: string) {
  const redis = new Redis(url)
  const auth = authKit({ redis, prefix, secrets: [secret], publicUrl: 'http://localhost' })
  return { chain: [auth], guard: auth.loggedIn() }
}

async function stockChain(url: string, prefix: string) {
  const client = createClient({ url })
  await client.connect()
  const passport = new Passport()
  passport.serializeUser((user, done) => done(null, user))
  passport.deserializeUser((user: Express.User, done) => done(null, user))
  const session = expressSession({
    secret,
    store: new RedisStore({ client, prefix }),
    resave: false,
    saveUninitialized: false,
    cookie: { maxAge: 14 * 86_400_000 },
  })
  return { chain: [session, passport.session()], guard: isAuthenticated }
}

const isAuthenticated: RequestHandler = (req, res, next) =>
  req.isAuthenticated() ? next() : void res.sendStatus(401)

import type { Server } from 'node:http'
import { RedisStore } from 'connect-redis'
import { RedisStore as RedisStore8 } from 'connect-redis-8'
import type { RequestHandler } from 'express'
import session, { type Store } from 'express-session'
import { Redis } from 'ioredis'
import { Passport } from 'passport'
import { createClient } from 'redis'
import { type AppOptions, IDLE_SECONDS, SECRET } from './app-under-test.ts'
import { serveWithSession } from './express-routes.ts'

/** express-session, connect-redis and Passport over node-redis. */
export async function stockOnNodeRedis({ redisUrl, prefix }: AppOptions): Promise<Server> {
  const client = createClient({ url: redisUrl })
  await client.connect()
  return stock(new RedisStore({ client, prefix }))
}

/** The same over ioredis, which connect-redis supports up to version 8. */
export async function stockOnIoredis({ redisUrl, prefix }: AppOptions): Promise<Server> {
  return stock(new RedisStore8({ client: new Redis(redisUrl), prefix }))
}

function stock(store: Store): Server {
  const passport = new Passport()
  passport.serializeUser((user, done) => done(null, user))
  passport.deserializeUser((user: Express.User, done) => done(null, user))
  const chain = [
    session({
      secret: SECRET,
      store,
      resave: false,
      saveUninitialized: false,
      cookie: { maxAge: IDLE_SECONDS * 1000 },
    }),
    passport.session(),
  ]
  return serveWithSession(chain, isAuthenticated)
}

const isAuthenticated: RequestHandler = (req, res, next) =>
  req.isAuthenticated() ? next() : void res.sendStatus(401)

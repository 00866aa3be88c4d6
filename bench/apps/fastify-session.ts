import type { Server } from 'node:http'
import cookie from '@fastify/cookie'
import session from '@fastify/session'
import { RedisStore } from 'connect-redis'
import fastify from 'fastify'
import { createClient } from 'redis'
import { type AppOptions, IDLE_SECONDS, SECRET, USER } from './app-under-test.ts'

declare module 'fastify' {
  interface Session {
    user?: typeof USER
    visitedAt?: number
  }
}

/** fastify with @fastify/session, and sessions in Redis through connect-redis and node-redis. */
export async function fastifySession({ redisUrl, prefix }: AppOptions): Promise<Server> {
  const client = createClient({ url: redisUrl })
  await client.connect()
  const app = fastify()
  await app.register(cookie)
  await app.register(session, {
    secret: SECRET,
    store: new RedisStore({ client, prefix }),
    saveUninitialized: false,
    cookie: { maxAge: IDLE_SECONDS * 1000, secure: false },
  })
  app.get('/me', (req, reply) => {
    const { user } = req.session
    return user ? reply.send({ user }) : reply.status(401).send()
  })
  app.post('/sign-in', async (req, reply) => {
    await req.session.regenerate()
    req.session.user = USER
    return await reply.status(204).send()
  })
  app.post('/visit', (req, reply) => {
    if (!req.session.user) return reply.status(401).send()
    req.session.visitedAt = Date.now()
    return reply.status(204).send()
  })
  await app.ready()
  return app.server
}

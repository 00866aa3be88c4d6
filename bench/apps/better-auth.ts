import { createServer, type Server } from 'node:http'
import { betterAuth } from 'better-auth'
import { memoryAdapter } from 'better-auth/adapters/memory'
import { fromNodeHeaders } from 'better-auth/node'
import express from 'express'
import { createClient } from 'redis'
import { type AppOptions, IDLE_SECONDS, SECRET, USER } from './app-under-test.ts'

/** better-auth with its sessions in Redis. */
export function betterAuthOnRedis(options: AppOptions): Promise<Server> {
  return serveBetterAuth(options, { cookieCache: false })
}

/** The same with its cookie cache, which trusts a signed cookie for five minutes. */
export function betterAuthCookieCache(options: AppOptions): Promise<Server> {
  return serveBetterAuth(options, { cookieCache: true })
}

async function serveBetterAuth(
  { redisUrl, prefix }: AppOptions,
  { cookieCache }: { cookieCache: boolean },
): Promise<Server> {
  const redis = createClient({ url: redisUrl })
  await redis.connect()
  const auth = betterAuth({
    baseURL: 'http://127.0.0.1',
    secret: SECRET,
    database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
    secondaryStorage: {
      get: (key) => redis.get(prefix + key),
      getAndDelete: (key) => redis.getDel(prefix + key),
      async increment(key, seconds) {
        const [count] = await redis
          .multi()
          .incr(prefix + key)
          .expire(prefix + key, seconds)
          .exec()
        return Number(count)
      },
      async set(key, value, seconds) {
        await redis.set(prefix + key, value, seconds ? { EX: seconds } : {})
      },
      async delete(key) {
        await redis.del(prefix + key)
      },
    },
    emailAndPassword: { enabled: true, password: { hash, verify } },
    session: { expiresIn: IDLE_SECONDS, cookieCache: { enabled: cookieCache, maxAge: 300 } },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
  })
  await auth.api.signUpEmail({ body: { name: USER.username, email: USER.email, password: SECRET } })

  const app = express()
  app.get('/me', async (req, res) => {
    const session = await auth.api.getSession({ headers: fromNodeHeaders(req.headers) })
    return session ? res.json({ user: session.user }) : res.sendStatus(401)
  })
  app.post('/sign-in', async (_req, res) => {
    const body = { email: USER.email, password: SECRET }
    const { headers } = await auth.api.signInEmail({ body, returnHeaders: true })
    res.setHeader('Set-Cookie', headers.getSetCookie()).sendStatus(204)
  })
  return createServer(app)
}

// This app's sign-in is not measured.
async function hash(password: string): Promise<string> {
  return password
}

async function verify({ hash, password }: { hash: string; password: string }): Promise<boolean> {
  return hash === password
}

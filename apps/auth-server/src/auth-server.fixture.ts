import { randomBytes } from 'node:crypto'
import { openRedis } from 'auth-kit/session'
import { createMetrics, createLogger } from 'service-kit'
import { testMongoUrl, testRedis } from '../../../tools/testing/test-services.ts'
import { buildApp } from './app.ts'
import { readConfig } from './config.ts'
import { connectMongo } from './users/connect-mongo.ts'
import { createUser } from './users/create-user.ts'
import { ensureIndexes } from './users/ensure-indexes.ts'
import { userModel } from './users/user.model.ts'

export const password = 'correct horse battery staple'

/**
 * auth-server as a test drives it: the real app over a real Redis and MongoDB, with a key prefix
 * and a database of its own. `env` as for the process; `redisUrl` for a Redis of the test's own.
 */
export async function startTestApp(env: Record<string, string> = {}, redisUrl?: string) {
  const shared = await testRedis()
  const mongoUrl = env.MONGO_URL ?? testMongoUrl()
  const config = readConfig({
    NODE_ENV: 'test',
    BCRYPT_COST: '4',
    SESSION_SECRETS: randomBytes(32).toString('hex'),
    LOG_LEVEL: 'silent',
    PUBLIC_URL: 'http://127.0.0.1',
    ...env,
    MONGO_URL: mongoUrl,
  })
  const redis = openRedis(redisUrl ?? shared.url, () => undefined)
  const mongo = await connectMongo(config.mongoUrl)
  const users = userModel(mongo)
  await ensureIndexes(users)
  const app = buildApp({
    config,
    users,
    redis,
    keyPrefix: shared.prefix,
    metrics: createMetrics(),
    logger: createLogger({ name: 'auth-server', level: 'silent', pretty: false }),
    checks: {},
  })

  return {
    app,
    config,
    users,
    redis,
    keyPrefix: shared.prefix,

    /** A confirmed user with the fixture's password, unless told otherwise. */
    addUser(
      user: { username?: string; email?: string; roles?: string[]; verifiedAt?: Date | null } = {},
    ) {
      const username = user.username ?? `u-${randomBytes(5).toString('hex')}`
      const account = {
        email: `${username}@example.com`,
        roles: [],
        verifiedAt: new Date(),
        ...user,
      }
      return createUser({ users, config }, { ...account, username, password })
    },

    async close() {
      await mongo.dropDatabase()
      await mongo.close()
      redis.disconnect()
      await shared.close()
    },
  }
}

/** The cookie of an answer, as a browser would send it back. */
export function cookieOf(answer: { headers: Record<string, unknown> }): string {
  const [cookie = ''] = [answer.headers['set-cookie']].flat().map(String)
  return cookie.split(';')[0] ?? ''
}

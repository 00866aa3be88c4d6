import { randomBytes } from 'node:crypto'
import type { PublicUser } from 'auth-kit/passport'
import { openRedis } from 'auth-kit/session'
import { signInForTest } from 'auth-kit/testing'
import { createLogger, createMetrics } from 'service-kit'
import { testRedis } from '../../../tools/testing/test-services.ts'
import { buildApp } from './app.ts'
import { readConfig } from './config.ts'

/** For tests: the real app on a real Redis, with its own key prefix. */
export async function startTestApp(env: Record<string, string> = {}) {
  const shared = await testRedis()
  const config = readConfig({
    NODE_ENV: 'test',
    PUBLIC_URL: 'http://127.0.0.1',
    AUTH_URL: 'http://login.example/auth',
    SESSION_SECRETS: randomBytes(32).toString('hex'),
    ...env,
  })
  const redis = openRedis(env.REDIS_URL ?? shared.url, () => undefined)
  const app = buildApp({
    config,
    redis,
    keyPrefix: shared.prefix,
    logger: createLogger({ name: 'product-server', level: 'silent', pretty: false }),
    metrics: createMetrics(),
  })

  return {
    app,
    config,
    signIn: (user: Partial<PublicUser> = {}) =>
      signInForTest({
        redis: shared.redis,
        secrets: config.sessionSecrets,
        publicUrl: config.publicUrl,
        prefix: `${shared.prefix}sess:`,
        user,
      }),
    async close() {
      redis.disconnect()
      await shared.close()
    },
  }
}

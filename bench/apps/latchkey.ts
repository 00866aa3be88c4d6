import type { Server } from 'node:http'
import { authKit } from 'auth-kit'
import { openRedis } from 'auth-kit/session'
import { type AppOptions, SECRET } from './app-under-test.ts'
import { serveWithSession } from './express-routes.ts'

export async function latchkey({ redisUrl, prefix }: AppOptions): Promise<Server> {
  const redis = openRedis(redisUrl, (error) => process.stderr.write(`${error.message}\n`))
  const auth = authKit({ redis, prefix, secrets: [SECRET], publicUrl: 'http://localhost' })
  return serveWithSession([auth], auth.loggedIn())
}

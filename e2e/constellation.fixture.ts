import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { readConfig } from '../apps/auth-server/src/config.ts'
import { connectMongo } from '../apps/auth-server/src/users/connect-mongo.ts'
import { createUser } from '../apps/auth-server/src/users/create-user.ts'
import { ensureIndexes } from '../apps/auth-server/src/users/ensure-indexes.ts'
import { userModel } from '../apps/auth-server/src/users/user.model.ts'
import { startOwnRedis } from '../tools/services/own-instances.ts'
import { testMongoUrl } from '../tools/testing/test-services.ts'

export const password = 'correct horse battery staple'

type Settings = { basePath?: string; mongoUrl?: string; env?: Record<string, string> }

/** Both servers as processes of their own, as in production, with a Redis and a database of their own. */
export async function startConstellation({
  basePath = '/',
  mongoUrl = testMongoUrl(),
  env = {},
}: Settings = {}) {
  const redis = await startOwnRedis()
  const [authPort, productPort] = await Promise.all([freePort(), freePort()])
  const authUrl = `http://localhost:${authPort}${basePath}`
  const productUrl = `http://localhost:${productPort}`
  const shared = {
    NODE_ENV: 'development',
    LOG_LEVEL: 'error',
    REDIS_URL: redis.url,
    SESSION_SECRETS: randomBytes(32).toString('hex'),
    ...env,
  }
  const settings = {
    'auth-server': {
      ...shared,
      PORT: String(authPort),
      PUBLIC_URL: authUrl,
      BASE_PATH: basePath,
      MONGO_URL: mongoUrl,
      RETURN_TO_ORIGINS: productUrl,
      BCRYPT_COST: '4',
    },
    'product-server': {
      ...shared,
      PORT: String(productPort),
      PUBLIC_URL: productUrl,
      AUTH_URL: authUrl,
    },
  }
  const config = readConfig(settings['auth-server'])
  const mongo = await connectMongo(mongoUrl)
  const users = userModel(mongo)
  await ensureIndexes(users)

  let servers: ChildProcess[] = []
  const health = [`${authUrl}healthz`, `${productUrl}/healthz`]
  const start = async () => {
    servers = [
      serve('auth-server', settings['auth-server']),
      serve('product-server', settings['product-server']),
    ]
    await Promise.all(health.map(untilItAnswers))
  }
  const end = () => Promise.all(servers.map(endServer))
  await start()

  return {
    authUrl,
    productUrl,
    redis,
    async restart() {
      await end()
      await start()
    },
    /** A confirmed user with the fixture's password. */
    addUser(username: string, roles: string[] = []) {
      const email = `${username}@example.com`
      const account = { username, email, password, roles, verifiedAt: new Date() }
      return createUser({ users, config }, account)
    },
    async stop() {
      await end()
      await mongo.dropDatabase().catch(() => undefined)
      await mongo.close(true)
      await redis.stop()
    },
  }
}

function serve(app: string, env: Record<string, string>): ChildProcess {
  const main = fileURLToPath(new URL(`../apps/${app}/src/main.ts`, import.meta.url))
  return spawn(process.execPath, ['-C', 'source', main], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
}

async function endServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const ended = once(server, 'exit')
  server.kill('SIGTERM')
  await ended
}

async function untilItAnswers(url: string): Promise<void> {
  const deadline = Date.now() + 15_000
  while (!(await fetch(url).catch(() => undefined))?.ok) {
    if (Date.now() > deadline) throw new Error(`${url} does not answer`)
    await sleep(50)
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address ? address.port : 0
}

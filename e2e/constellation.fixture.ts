import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { silentAudit } from '../apps/auth-server/testing/silent-audit.fixture.ts'
import { addClient } from '../apps/auth-server/src/oauth/clients/add-client.ts'
import { newClientInput } from '../apps/auth-server/src/oauth/clients/client-input.ts'
import { clientModel } from '../apps/auth-server/src/oauth/clients/client.model.ts'
import { createKeyring } from '../apps/auth-server/src/oauth/clients/keyring.ts'
import { readConfig } from '../apps/auth-server/src/config/config.ts'
import { connectMongo } from '../apps/auth-server/src/storage/connect-mongo.ts'
import { createUser } from '../apps/auth-server/src/users/create-user.ts'
import { ensureUserIndexes } from '../apps/auth-server/src/wiring/ensure-indexes.ts'
import { userModel } from '../apps/auth-server/src/users/user.model.ts'
import { findFreePort } from '../tools/services/free-port.ts'
import { startOwnRedis } from '../tools/services/own-instances.ts'
import { testMongoUrl } from '../tools/testing/test-services.ts'
import type { Mail } from './mail.fixture.ts'
import { endServer, serve, untilItAnswers } from './server-process.fixture.ts'

export const password = 'correct horse battery staple'

type Settings = {
  basePath?: string
  mongoUrl?: string
  env?: Record<string, string>
  /** Settings for e-mail, which add the mail worker. */
  mail?: Mail
}

/** Runs both servers as processes, as in production, with their own Redis and database. */
export async function startConstellation({
  basePath = '/',
  mongoUrl = testMongoUrl(),
  env = {},
  mail,
}: Settings = {}) {
  const redis = await startOwnRedis()
  const [authPort, productPort, workerPort] = await Promise.all([
    findFreePort(),
    findFreePort(),
    findFreePort(),
  ])
  const authUrl = `http://localhost:${authPort}${basePath}`
  const productUrl = `http://localhost:${productPort}`
  const shared = {
    NODE_ENV: 'development',
    LOG_LEVEL: 'error',
    REDIS_URL: redis.url,
    SESSION_SECRETS: randomBytes(32).toString('hex'),
  }
  const settings = {
    'auth-server': {
      ...shared,
      PORT: String(authPort),
      PUBLIC_URL: authUrl,
      BASE_PATH: basePath,
      MONGO_URL: mongoUrl,
      RETURN_TO_ORIGINS: productUrl,
      KEEP_ON_SIGN_IN: 'cart',
      KEY_ENCRYPTION_KEY: randomBytes(32).toString('hex'),
      BCRYPT_COST: '4',
      ...mail?.env,
      ...env,
    },
    'product-server': {
      ...shared,
      PORT: String(productPort),
      PUBLIC_URL: productUrl,
      AUTH_URL: authUrl,
      ...env,
    },
    'mail-worker': {
      NODE_ENV: 'development',
      LOG_LEVEL: 'error',
      PORT: String(workerPort),
      REDIS_URL: redis.url,
      ...mail?.env,
    },
  }
  const config = readConfig(settings['auth-server'])
  const mongo = await connectMongo(mongoUrl)
  const users = userModel(mongo)
  const clients = clientModel(mongo)
  const keyring = createKeyring(config.keyEncryptionKeys)
  await ensureUserIndexes(users)

  const health = {
    'auth-server': `${authUrl}healthz`,
    'product-server': `${productUrl}/healthz`,
    'mail-worker': `http://localhost:${workerPort}/healthz`,
  }
  const apps: (keyof typeof health)[] = ['auth-server', 'product-server']
  if (mail) apps.push('mail-worker')
  const startApp = async (app: keyof typeof health) => {
    const server = serve(app, settings[app])
    await untilItAnswers(health[app], server)
    return server
  }
  let servers: ChildProcess[] = []
  const start = async () => void (servers = await Promise.all(apps.map(startApp)))
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
    /** The environment for another auth-server on the same stores. */
    authServerEnv: settings['auth-server'],
    /** Kills auth-server with SIGKILL and does not wait. */
    killAuthServer: () => void servers[0]?.kill('SIGKILL'),
    async reviveAuthServer() {
      servers[0] = await startApp('auth-server')
    },
    /** Adds a confirmed user with the fixture's password. */
    addUser(username: string, roles: string[] = []) {
      const email = `${username}@example.com`
      const account = { username, email, password, roles, verifiedAt: new Date() }
      return createUser({ users, config }, account)
    },
    /** Adds a client as an operator does, and returns it with its secret. */
    addClient(input: Record<string, unknown>) {
      return addClient(
        { clients, keyring, audit: silentAudit(), config },
        newClientInput.parse(input),
        null,
      )
    },
    async stop() {
      await end()
      await mongo.dropDatabase().catch(() => undefined)
      await mongo.close(true)
      await redis.stop()
    },
  }
}

import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createConnection } from 'mongoose'
import { inviteModel } from '../apps/auth-server/src/accounts/invitations/invite.model.ts'
import {
  ensureUserIndexes,
  ensureInviteIndexes,
} from '../apps/auth-server/src/wiring/ensure-indexes.ts'
import { userModel } from '../apps/auth-server/src/users/user.model.ts'
import {
  type OwnInstance,
  startOwnMongo,
  startOwnRabbit,
  startOwnRedis,
} from '../tools/services/own-instances.ts'
import { findFreePort } from '../tools/services/free-port.ts'
import { catchMails } from './catch-mails.ts'
import type { History } from './history.ts'
import { startApp } from './start-app.ts'
import { tapLink } from './tap-link.ts'

/** Everything that takes part in a sign-up, as processes that can be killed one by one. */
export type System = Awaited<ReturnType<typeof startSystem>>

const retrySeconds = [0.5, 1, 2, 4]
const smtpTimeoutSeconds = 2

/** Starts everything except RabbitMQ: the first fault is that it is missing. */
export async function startSystem(history: History) {
  const dir = await mkdtemp(join(tmpdir(), 'sign-in-faults-'))
  const redisDir = join(dir, 'redis')
  const [mongo, redis, smtp, rabbitPort, authPort, workerPort] = await Promise.all([
    startOwnMongo(),
    startOwnRedis({ dir: redisDir }),
    catchMails(history),
    findFreePort(),
    findFreePort(),
    findFreePort(),
  ])
  const amqpUrl = `amqp://guest:guest@127.0.0.1:${rabbitPort}`
  const [mongoTap, amqpTap] = await Promise.all([tapLink(mongo.url), tapLink(amqpUrl)])
  const secrets = randomBytes(32).toString('hex')
  const publicUrl = new URL(`http://127.0.0.1:${authPort}/`)
  const env = authServerEnv({ mongoUrl: mongoTap.url, publicUrl, secrets })
  const shared = { REDIS_URL: redis.url, MAIL_SECRETS: secrets }

  // More patient than the server's own connection, because look-ups from here are not on trial.
  const database = await createConnection(`${mongo.url}/faults`).asPromise()
  const users = userModel(database)
  const invites = inviteModel(database)
  await ensureUserIndexes(users)
  await ensureInviteIndexes(invites)
  const [auth, worker] = await Promise.all([
    startApp({
      name: 'auth-server',
      port: authPort,
      env: { ...env, ...shared, AMQP_URL: amqpTap.url },
      logFile: join(history.folder, 'auth-server.log'),
    }),
    startApp({
      name: 'mail-worker',
      port: workerPort,
      env: { ...workerEnv(smtp.url), ...shared, AMQP_URL: amqpUrl },
      logFile: join(history.folder, 'mail-worker.log'),
    }),
  ])
  let rabbit: OwnInstance | undefined

  return {
    mongo,
    redis,
    redisDir,
    smtp,
    taps: { mongo: mongoTap, amqp: amqpTap },
    auth,
    worker,
    users,
    invites,
    config: {
      publicUrl,
      issuer: publicUrl.href.replace(/\/$/, ''),
      mailSecrets: [secrets],
      bcryptCost: 4,
      passwordMinLength: 15,
      siteName: 'Latchkey',
    },
    env: { ...env, ...shared },
    amqpUrl,
    secrets: [secrets],
    retryMs: retrySeconds.map((seconds) => seconds * 1_000),
    get rabbit(): OwnInstance {
      if (rabbit) return rabbit
      throw new Error('RabbitMQ has not been started yet')
    },
    async startRabbit() {
      rabbit = await startOwnRabbit({ port: rabbitPort, dir: join(dir, 'rabbit') })
    },
    async stop() {
      await Promise.allSettled([auth.stop(), worker.stop(), database.close()])
      await Promise.allSettled([mongoTap.close(), amqpTap.close(), smtp.close()])
      await Promise.allSettled([mongo.stop(), redis.stop(), rabbit?.stop()])
      await rm(dir, { recursive: true, force: true })
    },
  }
}

function authServerEnv(given: { mongoUrl: string; publicUrl: URL; secrets: string }) {
  const unlimited = '1000000'
  return {
    MONGO_URL: `${given.mongoUrl}/faults`,
    PUBLIC_URL: given.publicUrl.href,
    SESSION_SECRETS: given.secrets,
    KEY_ENCRYPTION_KEY: given.secrets,
    BCRYPT_COST: '4',
    LIMIT_SIGN_IN_PER_ADDRESS: unlimited,
    LIMIT_SIGN_UP_PER_ADDRESS: unlimited,
    LIMIT_MAIL_PER_ADDRESS: unlimited,
  }
}

function workerEnv(smtpUrl: string) {
  return {
    SMTP_URL: smtpUrl,
    MAIL_FROM: 'Latchkey <no-reply@login.example.com>',
    MAIL_RETRY_SECONDS: retrySeconds.join(),
    SMTP_TIMEOUT_SECONDS: String(smtpTimeoutSeconds),
  }
}

import { randomBytes } from 'node:crypto'
import { openRedis } from 'auth-kit/session'
import { type MailMessage, queues } from 'mail-contract'
import { connectQueues } from 'mail-delivery/queues'
import { createLogger, createMetrics } from 'service-kit'
import { testMongoUrl, testRedis } from '../../../tools/testing/test-services.ts'
import { buildApp } from '../src/app.ts'
import { openAudit } from '../src/audit/open-audit.ts'
import { readConfig } from '../src/config/config.ts'
import { dependencyChecks } from '../src/wiring/dependency-checks.ts'
import { openUserDirectory } from '../src/users/directory/open-user-directory.ts'
import { inviteModel } from '../src/accounts/invitations/invite.model.ts'
import { withCheckedAnswers } from './checked-answers.fixture.ts'
import { mailRequestModel } from '../src/accounts/mail-requests/mail-request.model.ts'
import { reservationModel } from '../src/accounts/reservations/reservation.model.ts'
import { sweepMailRequests } from '../src/accounts/mail-requests/process-mail-requests.ts'
import { composeMail } from '../src/accounts/links/compose-mail.ts'
import { accountOutboxes } from '../src/accounts/links/account-outboxes.ts'
import { createRelay } from '../src/mail/relay.ts'
import { blockModel } from '../src/sign-in/attempts/block.model.ts'
import { connectMongo } from '../src/storage/connect-mongo.ts'
import { createUser } from '../src/users/create-user.ts'
import {
  ensureInviteIndexes,
  ensureReservationIndexes,
  ensureUserIndexes,
} from '../src/wiring/ensure-indexes.ts'
import { openTokenStores } from '../src/wiring/open-stores.ts'
import { userModel } from '../src/users/user.model.ts'

export const password = 'correct horse battery staple'

type TestAppOptions = {
  /** A Redis for this test alone. */
  redisUrl?: string
  /** Starts a second server beside this one, over the same stores. */
  beside?: { keyPrefix: string; config: { mongoUrl: string; mailSecrets: string[] } }
  /** Receives the e-mails. By default they are collected in `mails`. */
  sendMail?: Parameters<typeof createRelay>[0]['send']
}

/**
 * Starts an auth-server for tests: the real app over a real Redis and MongoDB, with its own key prefix
 * and database. `env` is the environment of the process.
 */
export async function startTestApp(
  env: Record<string, string> = {},
  { redisUrl, beside, sendMail }: TestAppOptions = {},
) {
  const shared = await testRedis()
  const mongoUrl = beside?.config.mongoUrl ?? env.MONGO_URL ?? testMongoUrl()
  const keyPrefix = beside?.keyPrefix ?? shared.prefix
  const config = readConfig({
    NODE_ENV: 'test',
    BCRYPT_COST: '4',
    SESSION_SECRETS: randomBytes(32).toString('hex'),
    MAIL_SECRETS: beside?.config.mailSecrets.join() ?? randomBytes(32).toString('hex'),
    LOG_LEVEL: 'silent',
    PUBLIC_URL: 'http://127.0.0.1',
    ...env,
    MONGO_URL: mongoUrl,
  })
  const redis = openRedis(redisUrl ?? shared.url, () => undefined)
  const mongo = await connectMongo(config.mongoUrl)
  const users = userModel(mongo)
  const invites = inviteModel(mongo)
  const mailRequests = mailRequestModel(mongo)
  const reservations = reservationModel(mongo)
  if (!config.userService) {
    await ensureUserIndexes(users)
    await ensureInviteIndexes(invites)
    await ensureReservationIndexes(reservations)
  }
  const tokenStores = await openTokenStores(mongo)
  const metrics = createMetrics()
  const { registry } = metrics
  const log: string[] = []
  const logger = createLogger({
    name: 'auth-server',
    level: config.logLevel,
    pretty: false,
    destination: { write: (line) => log.push(line) },
  })
  const opened = await openAudit({ mongo, logger, registry, auditDays: config.auditDays })
  const stores = { auditRecords: opened.auditRecords, blocks: blockModel(mongo) }
  const mails: MailMessage[] = []
  async function keepMail(message: MailMessage, record: () => Promise<void>): Promise<void> {
    mails.push(message)
    await record()
  }
  const relay = createRelay({
    outboxes: accountOutboxes({ users, invites, reservations }),
    compose: (entry, owner) => composeMail(config, entry, owner),
    send: sendMail ?? keepMail,
    logger,
    sweepMs: 200,
  })
  // Only for reading dead e-mails: this server sends none through RabbitMQ.
  const mailQueues =
    config.amqpUrl === undefined
      ? undefined
      : connectQueues({
          url: config.amqpUrl,
          names: queues(config.mailQueuePrefix),
          onError: () => undefined,
        })
  const directory = openUserDirectory({ config, users })
  const sweep = sweepMailRequests({
    mailRequests,
    users,
    reservations,
    audit: opened.audit,
    relay,
    logger,
    everyMs: 50,
  })
  const bareApp = buildApp({
    config,
    directory,
    users,
    invites,
    mailRequests,
    reservations,
    ...tokenStores,
    ...stores,
    audit: opened.audit,
    relay,
    mailQueues,
    redis,
    keyPrefix,
    metrics,
    logger,
    checks: dependencyChecks({ config, redis, mongo, directory }),
  })

  const { app, misfits } = withCheckedAnswers(bareApp, config.basePath)

  return {
    /** Compares every answer with the OpenAPI document. `close` throws if some differ. */
    app,
    bareApp,
    config,
    users,
    invites,
    mailRequests,
    reservations,
    ...tokenStores,
    ...stores,
    audit: opened.audit,
    redis,
    keyPrefix,
    mails,
    mailQueues,
    /** Every logged line. Nothing is logged unless the test sets LOG_LEVEL. */
    log,

    /** The records in the audit log so far, oldest first. */
    async audited(filter: Record<string, string> = {}) {
      await opened.settle()
      return await stores.auditRecords.find(filter).sort({ at: 1, _id: 1 }).lean()
    },

    /** Adds a user with the fixture's password, confirmed by default. */
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
      await sweep.stop()
      await Promise.all([relay.stop(), opened.close(), mailQueues?.close()])
      if (!beside) await mongo.dropDatabase()
      await mongo.close()
      redis.disconnect()
      await shared.close()
      if (misfits.size > 0) throw new Error(`not as described:\n${[...misfits].join('\n')}`)
    },
  }
}

/** The session cookie of an answer, as a browser sends it back. */
export function cookieOf(answer: { headers: Record<string, unknown> }): string {
  return cookiesOf(answer)[0] ?? ''
}

/** Every cookie of an answer, the session cookie first. */
export function cookiesOf(answer: { headers: Record<string, unknown> }): string[] {
  const cookies = [answer.headers['set-cookie'] ?? []].flat().map(String)
  return cookies.map((cookie) => cookie.split(';')[0] ?? '')
}

import { createSessionStore, openRedis } from 'auth-kit/session'
import {
  createLogger,
  createMetrics,
  logOutage,
  operatorListener,
  rereadSecrets,
  runServer,
  startService,
} from 'service-kit'
import { buildApp } from './app.ts'
import { openAudit } from './audit/open-audit.ts'
import { readConfig, secretLists } from './config/config.ts'
import { dependencyChecks } from './wiring/dependency-checks.ts'
import { openUserDirectory } from './users/directory/open-user-directory.ts'
import { inviteModel } from './accounts/invitations/invite.model.ts'
import { keepOwnUsers } from './wiring/start-account-jobs.ts'
import { endCountModel } from './sessions/end-count.model.ts'
import { sweepEndedSessions } from './sessions/sweep-ended-sessions.ts'
import { warnIfRedisForgets } from './sessions/warn-if-redis-forgets.ts'
import { watchRestores } from './sessions/watch-restores.ts'
import { blockModel } from './sign-in/attempts/block.model.ts'
import { sweepBlocks } from './sign-in/attempts/sweep-blocks.ts'
import { warnOfLostKeys } from './wiring/warn-of-lost-keys.ts'
import { createOutbound } from './http/outbound.ts'
import { createKeyring } from './oauth/clients/keyring.ts'
import { deliverLogouts } from './oauth/logout/deliver-logouts.ts'
import { connectMongo } from './storage/connect-mongo.ts'
import { mailRequestModel } from './accounts/mail-requests/mail-request.model.ts'
import { reservationModel } from './accounts/reservations/reservation.model.ts'
import { sweepTokens } from './oauth/tokens/sweep-tokens.ts'
import { openTokenStores } from './wiring/open-stores.ts'
import { userModel } from './users/user.model.ts'

/** Reads the configuration, connects, listens, and shuts down in order on SIGTERM. */
async function main(): Promise<void> {
  const config = readConfig(process.env)
  const logger = createLogger({
    name: 'auth-server',
    level: config.logLevel,
    pretty: !config.production,
  })
  for (const warning of config.warnings) logger.warn(warning)
  rereadSecrets({
    env: process.env,
    inUse: secretLists(config),
    read: () => secretLists(readConfig(process.env)),
    logger,
  })
  const outage = logOutage(logger, 'Redis')
  const redis = openRedis(config.redisUrl, outage.onError)
  redis.on('ready', outage.onReady)
  await warnIfRedisForgets(redis, logger)
  const mongo = await connectMongo(config.mongoUrl)
  const users = userModel(mongo)
  const own = {
    users,
    invites: inviteModel(mongo),
    mailRequests: mailRequestModel(mongo),
    reservations: reservationModel(mongo),
  }
  const tokenStores = await openTokenStores(mongo)
  await warnOfLostKeys({ ...tokenStores, ...config, logger })
  const metrics = createMetrics()
  const { registry } = metrics
  const opened = await openAudit({ mongo, logger, registry, auditDays: config.auditDays })
  const blocks = blockModel(mongo)
  const forgetting = sweepBlocks({ blocks, logger })
  const store = createSessionStore({
    redis,
    prefix: 'sess:',
    idleDays: config.sessionIdleDays,
    absoluteDays: config.sessionAbsoluteDays,
    visitorHours: config.visitorHours,
    cache: false,
  })
  const ending = sweepEndedSessions({ store, logger })
  const restores = await watchRestores({
    redis,
    keyPrefix: '',
    store,
    endCountRecords: endCountModel(mongo),
    onRestore: config.onRestore,
    audit: opened.audit,
    logger,
  })
  const kept = await keepOwnUsers({
    config,
    ...own,
    ...tokenStores,
    audit: opened.audit,
    store,
    logger,
  })
  const { relay, mailQueues } = kept
  const directory = openUserDirectory({ config, users })
  const stores = { ...tokenStores, users, redis, keyPrefix: '' }
  const sweep = sweepTokens({ ...stores, config, directory, relay, logger })
  const outbound = createOutbound({ allow: config.outboundAllow })
  const keyring = createKeyring(config.keyEncryptionKeys)
  const logouts = deliverLogouts({ ...tokenStores, config, keyring, outbound, logger })

  const app = buildApp({
    config,
    directory,
    ...own,
    ...tokenStores,
    audit: opened.audit,
    auditRecords: opened.auditRecords,
    blocks,
    relay,
    mailQueues,
    redis,
    keyPrefix: '',
    logger,
    metrics,
    checks: dependencyChecks({ config, redis, mongo, directory }),
  })
  const { port, metricsPort, keepAliveSeconds } = config
  await runServer({
    app,
    port,
    keepAliveSeconds,
    operator:
      metricsPort === undefined
        ? undefined
        : { port: metricsPort, app: operatorListener(app, config.basePath) },
    logger,
    async close() {
      const sweeps = [sweep, forgetting, ending, restores, logouts].map((running) => running.stop())
      await Promise.all([kept.stop(), ...sweeps, opened.close()])
      await outbound.close()
      redis.disconnect()
      await mongo.close()
    },
  })
}

await startService('auth-server', main)

import { createSessionStore, openRedis } from 'auth-kit/session'
import { createLogger, createMetrics, logOutage, runServer, startService } from 'service-kit'
import { sweepAccounts } from './account/sweep-accounts.ts'
import { buildApp } from './app.ts'
import { clientModel } from './clients/client.model.ts'
import { readConfig } from './config.ts'
import { inviteModel } from './invitations/invite.model.ts'
import { composeMail } from './outbox/compose-mail.ts'
import { openWayOfSending } from './outbox/open-way-of-sending.ts'
import { createRelay } from './outbox/relay.ts'
import { warnIfRedisForgets } from './sessions/warn-if-redis-forgets.ts'
import { connectMongo } from './users/connect-mongo.ts'
import { familyModel } from './tokens/family.model.ts'
import { signInModel } from './tokens/sign-in.model.ts'
import { sweepTokens } from './tokens/sweep-tokens.ts'
import { ensureIndexes, ensureInviteIndexes, ensureTokenIndexes } from './users/ensure-indexes.ts'
import { userModel } from './users/user.model.ts'

/** Environment, configuration, connections, listening; ends in order on SIGTERM. */
async function main(): Promise<void> {
  const config = readConfig(process.env)
  const logger = createLogger({
    name: 'auth-server',
    level: config.logLevel,
    pretty: !config.production,
  })
  for (const warning of config.warnings) logger.warn(warning)
  const redis = openRedis(config.redisUrl, logOutage(logger, 'Redis'))
  await warnIfRedisForgets(redis, logger)
  const mongo = await connectMongo(config.mongoUrl)
  const users = userModel(mongo)
  const invites = inviteModel(mongo)
  const tokenStores = {
    clients: clientModel(mongo),
    families: familyModel(mongo),
    signIns: signInModel(mongo),
  }
  await ensureIndexes(users)
  await ensureInviteIndexes(invites)
  await ensureTokenIndexes(tokenStores)
  const way = openWayOfSending({ config, logger, onReady: () => relay.wake() })
  const relay = createRelay({
    users,
    invites,
    compose: (entry, owner) => composeMail(config, entry, owner),
    send: (message) => way.send(message),
    logger,
  })

  const store = createSessionStore({
    redis,
    prefix: 'sess:',
    idleDays: config.sessionIdleDays,
    absoluteDays: config.sessionAbsoluteDays,
  })
  const sweep = sweepAccounts({ users, invites, ...tokenStores, store, logger })
  const tokenSweep = sweepTokens({ ...tokenStores, users, relay, redis, keyPrefix: '', logger })

  const app = buildApp({
    config,
    users,
    invites,
    ...tokenStores,
    relay,
    redis,
    keyPrefix: '',
    logger,
    metrics: createMetrics(),
    checks: { redis: () => redis.ping(), mongo: () => mongo.db.command({ ping: 1 }) },
  })
  await runServer({
    app,
    port: config.port,
    logger,
    async close() {
      await Promise.all([relay.stop(), sweep.stop(), tokenSweep.stop()])
      redis.disconnect()
      await Promise.all([way.close(), mongo.close()])
    },
  })
}

await startService('auth-server', main)

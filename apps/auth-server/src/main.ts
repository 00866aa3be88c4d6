import { openRedis } from 'auth-kit/session'
import { createLogger, createMetrics, runServer, startService } from 'service-kit'
import { buildApp } from './app.ts'
import { readConfig } from './config.ts'
import { warnIfRedisForgets } from './sessions/warn-if-redis-forgets.ts'
import { connectMongo } from './users/connect-mongo.ts'
import { ensureIndexes } from './users/ensure-indexes.ts'
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
  const redis = openRedis(config.redisUrl, (error) => logger.warn({ err: error }, 'Redis'))
  await warnIfRedisForgets(redis, logger)
  const mongo = await connectMongo(config.mongoUrl)
  const users = userModel(mongo)
  await ensureIndexes(users)

  const app = buildApp({
    config,
    users,
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
    close: async () => {
      redis.disconnect()
      await mongo.close()
    },
  })
}

await startService('auth-server', main)

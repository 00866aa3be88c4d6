import { openRedis } from 'auth-kit/session'
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
import { readConfig } from './config.ts'

/** Reads the settings, connects to Redis, and serves until SIGTERM. */
async function main(): Promise<void> {
  const config = readConfig(process.env)
  const logger = createLogger({
    name: 'product-server',
    level: config.logLevel,
    pretty: !config.production,
  })
  for (const warning of config.warnings) logger.warn(warning)
  rereadSecrets({
    env: process.env,
    inUse: { SESSION_SECRETS: config.sessionSecrets },
    read: () => ({ SESSION_SECRETS: readConfig(process.env).sessionSecrets }),
    logger,
  })
  const outage = logOutage(logger, 'Redis')
  const redis = openRedis(config.redisUrl, outage.onError)
  redis.on('ready', outage.onReady)
  const app = buildApp({ config, redis, keyPrefix: '', logger, metrics: createMetrics() })
  const { port, metricsPort, keepAliveSeconds } = config
  const operator =
    metricsPort === undefined ? undefined : { port: metricsPort, app: operatorListener(app) }
  const close = async () => redis.disconnect()
  await runServer({ app, port, operator, keepAliveSeconds, logger, close })
}

await startService('product-server', main)

import { openRedis } from 'auth-kit/session'
import { createLogger, createMetrics, runServer, startService } from 'service-kit'
import { buildApp } from './app.ts'
import { readConfig } from './config.ts'

/** Environment, configuration, Redis, listening; ends in order on SIGTERM. */
async function main(): Promise<void> {
  const config = readConfig(process.env)
  const logger = createLogger({
    name: 'product-server',
    level: config.logLevel,
    pretty: !config.production,
  })
  for (const warning of config.warnings) logger.warn(warning)
  const redis = openRedis(config.redisUrl, (error) => logger.warn({ err: error }, 'Redis'))
  const app = buildApp({ config, redis, keyPrefix: '', logger, metrics: createMetrics() })
  await runServer({ app, port: config.port, logger, close: async () => redis.disconnect() })
}

await startService('product-server', main)

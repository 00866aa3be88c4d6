import { openRedis } from 'auth-kit/session'
import { createMailer } from 'mail-delivery'
import { connectQueues } from 'mail-delivery/queues'
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
import { startWorker } from './start-worker.ts'

/** Environment, configuration, connections, worker. Exits cleanly on SIGTERM. */
async function main(): Promise<void> {
  const config = readConfig(process.env)
  const { logLevel, production, metricsToken, metricsPort, port } = config
  const logger = createLogger({ name: 'mail-worker', level: logLevel, pretty: !production })
  rereadSecrets({
    env: process.env,
    inUse: { MAIL_SECRETS: config.mailSecrets },
    read: () => ({ MAIL_SECRETS: readConfig(process.env).mailSecrets }),
    logger,
  })
  const outage = logOutage(logger, 'Redis')
  const redis = openRedis(config.redisUrl, outage.onError)
  redis.on('ready', outage.onReady)
  const queues = connectQueues({
    url: config.amqpUrl,
    names: config.queueNames,
    onError: logOutage(logger, 'RabbitMQ').onError,
  })
  const { smtpUrl, mailFrom: from, brand, smtpTimeoutMs: timeoutMs } = config
  const mailer = createMailer({ smtpUrl, from, brand, timeoutMs })
  const metrics = createMetrics()
  const { registry } = metrics
  const worker = startWorker({
    queues,
    redis,
    mailer,
    secrets: config.mailSecrets,
    logger,
    registry,
    keyPrefix: config.keyPrefix,
    // Longer than sending can take, or a slow e-mail would go out twice.
    leaseMs: timeoutMs * 1.5,
  })
  const app = buildApp({
    logger,
    metrics,
    metricsToken,
    metricsPort,
    production,
    checks: { redis: () => redis.ping(), rabbitmq: queues.checkReady },
  })
  // A clean exit waits for the e-mails that are being sent.
  const drainMs = timeoutMs + 5_000
  const operator =
    metricsPort === undefined ? undefined : { port: metricsPort, app: operatorListener(app) }
  await runServer({ app, port, operator, logger, drainMs, close })

  async function close(): Promise<void> {
    await worker.close()
    await queues.close()
    redis.disconnect()
  }
}

await startService('mail-worker', main)

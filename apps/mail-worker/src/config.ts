import { queues } from 'mail-contract'
import {
  brandSettings,
  isProduction,
  mailSettings,
  readSettings,
  secretList,
  serverSettings,
  wholeNumber,
} from 'service-kit'
import { z } from 'zod'

/**
 * The configuration of this process. Nothing else here reads the environment.
 *
 * @throws SettingsError with every problem
 */
export function readConfig(env: Record<string, string | undefined>) {
  const settings = readSettings(settingsSchema({ production: isProduction(env) }), env)
  return {
    production: settings.NODE_ENV === 'production',
    port: settings.PORT,
    logLevel: settings.LOG_LEVEL,
    metricsToken: settings.METRICS_TOKEN,
    metricsPort: settings.METRICS_PORT,
    redisUrl: settings.REDIS_URL ?? 'redis://127.0.0.1:6379',
    amqpUrl: settings.AMQP_URL ?? 'amqp://guest:guest@127.0.0.1:5672',
    smtpUrl: settings.SMTP_URL ?? 'smtp://127.0.0.1:1025',
    smtpTimeoutMs: settings.SMTP_TIMEOUT_SECONDS * 1_000,
    brand: { color: settings.BRAND_COLOR, logo: settings.LOGO_FILE },
    mailFrom: settings.MAIL_FROM ?? 'no-reply@localhost',
    /** Any of them can decrypt e-mails. */
    mailSecrets: settings.MAIL_SECRETS,
    /** Precedes the name of every queue and every key in Redis. */
    keyPrefix: settings.MAIL_QUEUE_PREFIX ?? '',
    queueNames: queues(settings.MAIL_QUEUE_PREFIX, settings.MAIL_RETRY_SECONDS),
  }
}

/** Every setting of the mail worker. In production, a setting without a safe default is required (R64). */
export function settingsSchema({ production }: { production: boolean }) {
  const { NODE_ENV, PORT, LOG_LEVEL, METRICS_PORT, METRICS_TOKEN, REDIS_URL } = serverSettings({
    production,
    port: 3002,
  })
  return z.object({
    NODE_ENV,
    PORT,
    LOG_LEVEL,
    METRICS_PORT,
    METRICS_TOKEN,
    REDIS_URL,
    ...brandSettings(),
    ...mailSettings({ required: production }),
    MAIL_SECRETS: secretList({ strict: production }),
    MAIL_RETRY_SECONDS: retryDelays().optional(),
    SMTP_TIMEOUT_SECONDS: wholeNumber({ min: 1, max: 300 }).default(30),
  })
}

/** Reads seconds, separated by commas, as milliseconds. */
function retryDelays() {
  return z
    .string()
    .regex(
      /^\d{1,6}(\.\d{1,3})?(,\d{1,6}(\.\d{1,3})?)*$/,
      'This must be seconds such as 10,60,600.',
    )
    .transform((text) => text.split(',').map((seconds) => Math.round(Number(seconds) * 1_000)))
    .refine((delays) => delays.every((delay) => delay > 0), 'Each must be more than 0.')
}

import type { Share } from '../services/service.ts'
import type { StartSettings } from './read-start-settings.ts'

type Found = Record<'mongo' | 'redis' | 'amqp' | 'smtp', Share>
type Values = Record<string, string | undefined>

/** The services' addresses, and each server's environment: given values, and our choice for the rest. */
export function serverEnvironments(settings: StartSettings, found: Found) {
  const { env, authUrl, productUrl, sessionSecrets, mailSecrets } = settings
  const services = {
    mongo: settings.mongoGiven ? found.mongo.url : withDatabase(found.mongo.url),
    redis: found.redis.url,
    amqp: found.amqp.url,
    smtp: found.smtp.url,
  }
  const shared = { REDIS_URL: services.redis, SESSION_SECRETS: sessionSecrets }
  const mail = { AMQP_URL: services.amqp, SMTP_URL: services.smtp, MAIL_SECRETS: mailSecrets }
  const defaults = {
    NODE_ENV: 'development',
    RETURN_TO_ORIGINS: new URL(productUrl).origin,
    KEEP_ON_SIGN_IN: 'cart',
    AUTH_URL: authUrl,
    COOKIE_NAME: settings.cookieName,
    MAIL_QUEUE_PREFIX: found.amqp.queuePrefix,
    MAIL_FROM: `${settings.siteName} <no-reply@${new URL(authUrl).hostname}>`,
  }
  const common = withDefaults(env, defaults)
  const { authPort, productPort, workerPort } = settings
  // The public address may be a proxy's, which this machine may not resolve.
  const jwksUrl = `${settings.authServer}/.well-known/jwks.json`
  return {
    services,
    authServer: decide(common, {
      ...shared,
      ...mail,
      PORT: String(authPort),
      PUBLIC_URL: authUrl,
      MONGO_URL: services.mongo,
      KEY_ENCRYPTION_KEY: settings.keyEncryptionKey,
    }),
    productServer: decide(withDefaults(common, { TOKEN_JWKS_URL: jwksUrl }), {
      ...shared,
      PORT: String(productPort),
      PUBLIC_URL: productUrl,
      MONGO_URL: undefined,
      AMQP_URL: undefined,
      SMTP_URL: undefined,
      MAIL_SECRETS: undefined,
      KEY_ENCRYPTION_KEY: undefined,
    }),
    mailWorker: decide(common, {
      ...mail,
      REDIS_URL: services.redis,
      PORT: String(workerPort),
      MONGO_URL: undefined,
      SESSION_SECRETS: undefined,
      KEY_ENCRYPTION_KEY: undefined,
    }),
  }
}

// Our own server has no database yet.
function withDatabase(url: string): string {
  const { pathname } = new URL(url)
  return pathname.length > 1 ? url : new URL('/auth', url).href
}

function withDefaults(env: Values, defaults: Values): Values {
  const absent = Object.entries(defaults).filter(([name]) => !env[name] && !env[`${name}_FILE`])
  return { ...env, ...Object.fromEntries(absent) }
}

// The value may come from NAME_FILE, so that is removed: both together are refused.
function decide(env: Values, values: Values): Values {
  const files = Object.keys(values).map((name) => [`${name}_FILE`, undefined])
  return { ...env, ...Object.fromEntries(files), ...values }
}

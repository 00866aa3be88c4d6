import { randomBytes } from 'node:crypto'
import { readSettings, secretProblem } from 'service-kit'
import { z } from 'zod'
import { settingsSchema } from './settings-schema.ts'

type Environment = Record<string, string | undefined>

export type Config = ReturnType<typeof readConfig>

/**
 * The settings of this process, typed and checked against each other; nothing else here reads the
 * environment. `warnings` are for the log.
 *
 * @throws SettingsError with every problem
 */
export function readConfig(env: Environment) {
  const production = isProduction(env)
  const settings = readSettings(checkedSchema(production), env)
  const publicUrl = publicUrlOf(settings.PUBLIC_URL, settings.PORT, settings.BASE_PATH)
  const sessionSecrets = settings.SESSION_SECRETS ?? [randomBytes(48).toString('base64url')]
  return {
    production,
    port: settings.PORT,
    /** Begins and ends with a slash. */
    basePath: settings.BASE_PATH,
    /** Where people reach this server, base path included. */
    publicUrl,
    siteName: settings.SITE_NAME,
    trustProxy: settings.TRUST_PROXY,
    mongoUrl: settings.MONGO_URL ?? 'mongodb://127.0.0.1:27017/auth',
    redisUrl: settings.REDIS_URL ?? 'redis://127.0.0.1:6379',
    contactUrl: settings.CONTACT_URL ?? `mailto:help@${publicUrl.hostname}`,
    metricsToken: settings.METRICS_TOKEN,
    corsOrigins: settings.CORS_ORIGINS,
    returnToOrigins: settings.RETURN_TO_ORIGINS,
    /** The first one signs, all verify. */
    sessionSecrets,
    sessionIdleDays: settings.SESSION_IDLE_DAYS,
    sessionAbsoluteDays: settings.SESSION_ABSOLUTE_DAYS,
    cookieDomain: settings.COOKIE_DOMAIN,
    bcryptCost: settings.BCRYPT_COST,
    passwordMinLength: settings.PASSWORD_MIN_LENGTH,
    /** Attempts in 15 minutes. */
    limitSignInPerAddress: settings.LIMIT_SIGN_IN_PER_ADDRESS,
    /** Failures in 15 minutes. */
    limitSignInPerAccount: settings.LIMIT_SIGN_IN_PER_ACCOUNT,
    logLevel: settings.LOG_LEVEL,
    warnings: [
      ...secretWarnings(settings.SESSION_SECRETS),
      ...schemeWarnings(production, publicUrl),
    ],
  }
}

// A wrong NODE_ENV counts as production, so that the one message tells all that production needs.
function isProduction(env: Environment): boolean {
  const { NODE_ENV } = settingsSchema({ production: false }).shape
  try {
    return readSettings(z.object({ NODE_ENV }), env).NODE_ENV === 'production'
  } catch {
    return true
  }
}

function checkedSchema(production: boolean) {
  return settingsSchema({ production }).superRefine((settings, context) => {
    const report = (setting: string, message: string) =>
      context.addIssue({ code: 'custom', path: [setting], message })
    const { BASE_PATH, COOKIE_DOMAIN, PORT, PUBLIC_URL } = settings
    if (settings.SESSION_IDLE_DAYS > settings.SESSION_ABSOLUTE_DAYS)
      report('SESSION_IDLE_DAYS', 'This must not be more than SESSION_ABSOLUTE_DAYS.')
    // zod comes here with what it refused, too, as it was given.
    if (PUBLIC_URL !== undefined && !(PUBLIC_URL instanceof URL)) return
    if (PUBLIC_URL && !['/', BASE_PATH].includes(PUBLIC_URL.pathname.replace(/\/*$/, '/')))
      report('PUBLIC_URL', `Its path must be that of BASE_PATH, ${BASE_PATH}, or absent.`)
    const host = publicUrlOf(PUBLIC_URL, PORT, BASE_PATH).hostname
    if (COOKIE_DOMAIN && !`.${host}`.endsWith(`.${COOKIE_DOMAIN}`))
      report('COOKIE_DOMAIN', `This must be ${host}, the host of PUBLIC_URL, or a domain above it.`)
  })
}

function publicUrlOf(given: URL | undefined, port: number, path: string): URL {
  return new URL(path, given ?? `http://localhost:${port}`)
}

function secretWarnings(secrets: string[] | undefined): string[] {
  if (secrets === undefined)
    return [
      'SESSION_SECRETS is not set: sessions end with this process, and no other server honours them.',
    ]
  return secrets.some((secret) => secretProblem(secret))
    ? ['SESSION_SECRETS holds a short or well-known secret: production would not start with it.']
    : []
}

function schemeWarnings(production: boolean, url: URL): string[] {
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  return production && url.protocol === 'http:' && !local
    ? ['PUBLIC_URL is plain http: passwords and session cookies can be read on the way.']
    : []
}

import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { readSettings } from './read-settings.ts'
import { secretProblem } from './secret-problem.ts'
import { serverSettings } from './server-settings.ts'

type ServerSettings = z.output<z.ZodObject<ReturnType<typeof serverSettings>>>

/**
 * Whether this is production. A wrong NODE_ENV counts as production, so that the one error message names
 * every problem.
 */
export function isProduction(env: Record<string, string | undefined>): boolean {
  const { NODE_ENV } = serverSettings({ production: false, port: 0 })
  try {
    return readSettings(z.object({ NODE_ENV }), env).NODE_ENV === 'production'
  } catch {
    return true
  }
}

/** The configuration that every server derives from its settings. `warnings` are for the log. */
export function serverConfig(settings: ServerSettings, publicUrl: URL) {
  const production = settings.NODE_ENV === 'production'
  return {
    production,
    port: settings.PORT,
    trustProxy: settings.TRUST_PROXY,
    redisUrl: settings.REDIS_URL ?? 'redis://127.0.0.1:6379',
    metricsToken: settings.METRICS_TOKEN,
    /** On this port `/readyz`, `/metrics` and `/doctor` need no token. */
    metricsPort: settings.METRICS_PORT,
    /** Whether only the token opens them, because an address proves nothing. */
    metricsTokenOnly: production || settings.TRUST_PROXY !== false,
    keepAliveSeconds: settings.KEEP_ALIVE_SECONDS,
    /** The first one signs, all verify. */
    sessionSecrets: settings.SESSION_SECRETS ?? [randomBytes(48).toString('base64url')],
    sessionIdleDays: settings.SESSION_IDLE_DAYS,
    sessionAbsoluteDays: settings.SESSION_ABSOLUTE_DAYS,
    visitorHours: settings.VISITOR_HOURS,
    sessionCache: settings.SESSION_CACHE === 'on',
    cookieDomain: settings.COOKIE_DOMAIN,
    /** Without its prefix. */
    cookieName: settings.COOKIE_NAME,
    logLevel: settings.LOG_LEVEL,
    warnings: [
      ...secretWarnings(settings.SESSION_SECRETS),
      ...schemeWarnings(production, publicUrl),
    ],
  }
}

/**
 * Checks settings against each other. A setting that zod refused arrives here as it was given, so that
 * it hides no other problem.
 */
export function checkServerSettings(
  settings: Pick<
    ServerSettings,
    'SESSION_IDLE_DAYS' | 'SESSION_ABSOLUTE_DAYS' | 'COOKIE_DOMAIN'
  > & {
    PUBLIC_URL?: unknown
  },
  report: (setting: string, message: string) => void,
): void {
  if (settings.SESSION_IDLE_DAYS > settings.SESSION_ABSOLUTE_DAYS)
    report('SESSION_IDLE_DAYS', 'This must not be more than SESSION_ABSOLUTE_DAYS.')
  const { PUBLIC_URL = new URL('http://localhost') } = settings
  if (!(PUBLIC_URL instanceof URL)) return
  const { hostname } = PUBLIC_URL
  if (settings.COOKIE_DOMAIN && !`.${hostname}`.endsWith(`.${settings.COOKIE_DOMAIN}`))
    report(
      'COOKIE_DOMAIN',
      `This must be ${hostname}, the host of PUBLIC_URL, or a domain above it.`,
    )
}

function secretWarnings(secrets: string[] | undefined): string[] {
  if (secrets === undefined)
    return [
      'SESSION_SECRETS is not set: sessions end with this process, and no other server honours them.',
    ]
  return secrets.some((secret) => secretProblem(secret))
    ? ['SESSION_SECRETS contains a short or well-known secret: production would not start with it.']
    : []
}

function schemeWarnings(production: boolean, url: URL): string[] {
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  return production && url.protocol === 'http:' && !local
    ? ['PUBLIC_URL is plain http: passwords and session cookies can be read in transit.']
    : []
}

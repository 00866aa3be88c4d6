import { z } from 'zod'
import { connectionAddress } from './connection-address.ts'
import { secretProblem } from './secret-problem.ts'
import { positiveNumber, secretList, wholeNumber } from './setting-types.ts'
import { trustProxy } from './trust-proxy.ts'

const days = { max: 3650 }

/**
 * The settings that every server has, to spread into its own schema. In production, a setting without a
 * safe default is required (R64).
 */
export function serverSettings({ production, port }: { production: boolean; port: number }) {
  const required = <Type extends z.ZodType>(type: Type) => (production ? type : type.optional())
  return {
    NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
    PORT: wholeNumber({ min: 0, max: 65_535 }).default(port),
    PUBLIC_URL: required(webAddress()),
    TRUST_PROXY: trustProxy(),
    REDIS_URL: required(redisAddress()),
    METRICS_PORT: wholeNumber({ min: 1, max: 65_535 }).optional(),
    METRICS_TOKEN: secret({ strict: production }).optional(),
    SESSION_SECRETS: required(secretList({ strict: production })),
    SESSION_IDLE_DAYS: positiveNumber(days).default(14),
    SESSION_ABSOLUTE_DAYS: positiveNumber(days).default(90),
    VISITOR_HOURS: positiveNumber({ max: 24 * days.max }).default(2),
    SESSION_CACHE: z.enum(['on', 'off']).default('on'),
    COOKIE_DOMAIN: cookieDomain().optional(),
    COOKIE_NAME: z
      .string()
      .max(64)
      .regex(
        /^(?!__(host|secure)-)[a-z\d_-]+$/i,
        'This must be letters, digits, - and _, without __Host- or __Secure-, which are added.',
      )
      .default('session'),
    KEEP_ALIVE_SECONDS: wholeNumber({ min: 1, max: 3600 }).default(65),
    LOG_LEVEL: z
      .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
      .default('info'),
  }
}

// A single server, Sentinel or Cluster, each also with TLS: see openRedis in auth-kit.
const redisSchemes = ['', '-sentinel', '-cluster'].flatMap((way) => [`redis${way}`, `rediss${way}`])

/** The address of a web server, optionally with a path. */
export function webAddress() {
  return z
    .string()
    .refine(
      (text) => isWebAddress(URL.parse(text)),
      'This must be an address such as https://login.example.com.',
    )
    .transform((text) => new URL(text))
}

function isWebAddress(url: URL | null): boolean {
  if (url === null || !/^https?:$/.test(url.protocol)) return false
  return url.search === '' && url.hash === '' && url.username === '' && url.password === ''
}

function redisAddress() {
  return connectionAddress({
    schemes: redisSchemes,
    example: 'redis://host:6379',
    manyHosts: true,
  })
}

function cookieDomain() {
  return z
    .string()
    .regex(/^\.?[a-z\d-]+(\.[a-z\d-]+)+$/i, 'This must be a domain such as example.com.')
    .transform((domain) => domain.replace(/^\./, '').toLowerCase())
}

/** One secret. With `strict` it must be long and not a known example (R64). */
export function secret({ strict }: { strict: boolean }) {
  return z.string().superRefine((value, context) => {
    const problem = strict ? secretProblem(value) : undefined
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
  })
}

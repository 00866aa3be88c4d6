import {
  basePath,
  originList,
  secretList,
  secretProblem,
  trustProxy,
  wholeNumber,
} from 'service-kit'
import { z } from 'zod'

const day = { min: 1, max: 3650 }
const limit = wholeNumber({ min: 1, max: 1_000_000 })

/** Every setting of the auth-server. In production what has no safe default is required (R64). */
export function settingsSchema({ production }: { production: boolean }) {
  const required = <Type extends z.ZodType>(type: Type) => (production ? type : type.optional())
  return z.object({
    NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
    PORT: wholeNumber({ min: 0, max: 65_535 }).default(3000),
    BASE_PATH: basePath().default('/'),
    PUBLIC_URL: required(webAddress()),
    SITE_NAME: z
      .string()
      .max(40)
      .regex(/^\P{Cc}+$/u, 'This must be one line.')
      .default('Latchkey'),
    TRUST_PROXY: trustProxy(),
    MONGO_URL: required(storeUrl(/^mongodb(\+srv)?:\/\/[^\s/]/, 'mongodb://host:27017/name')),
    REDIS_URL: required(storeUrl(/^rediss?:\/\/[^\s/]/, 'redis://host:6379')),
    CONTACT_URL: z
      .string()
      .regex(
        /^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/,
        'This must be a mailto: or https: address.',
      )
      .optional(),
    METRICS_TOKEN: secret(production).optional(),
    CORS_ORIGINS: originList().default([]),
    RETURN_TO_ORIGINS: originList().default([]),
    SESSION_SECRETS: required(secretList({ strict: production })),
    SESSION_IDLE_DAYS: wholeNumber(day).default(14),
    SESSION_ABSOLUTE_DAYS: wholeNumber(day).default(90),
    COOKIE_DOMAIN: z
      .string()
      .regex(/^\.?[a-z\d-]+(\.[a-z\d-]+)+$/i, 'This must be a domain such as example.com.')
      .transform((domain) => domain.replace(/^\./, '').toLowerCase())
      .optional(),
    BCRYPT_COST: wholeNumber({ min: production ? 10 : 4, max: 15 }).default(12),
    PASSWORD_MIN_LENGTH: wholeNumber({ min: 8, max: 64 }).default(15),
    LIMIT_SIGN_IN_PER_ADDRESS: limit.default(100),
    LIMIT_SIGN_IN_PER_ACCOUNT: limit.default(10),
    LOG_LEVEL: z
      .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
      .default('info'),
  })
}

function webAddress() {
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

function storeUrl(pattern: RegExp, example: string) {
  return z.string().regex(pattern, `This must be an address such as ${example}.`)
}

function secret(strict: boolean) {
  return z.string().superRefine((value, context) => {
    const problem = strict ? secretProblem(value) : undefined
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
  })
}

import {
  basePath,
  brandSettings,
  commaList,
  connectionAddress,
  mailSettings,
  originList,
  positiveNumber,
  secret,
  secretList,
  serverSettings,
  webAddress,
  wholeNumber,
} from 'service-kit'
import { z } from 'zod'
import { clearSiteData } from './clear-site-data.ts'
import { networkList, readNetworks } from './network-list.ts'
import { signUpSetting } from './sign-up-setting.ts'

// The networks of sites on a developer's machine.
const localNetworks = readNetworks('127.0.0.0/8,::1/128,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16')

const limit = wholeNumber({ min: 1, max: 1_000_000 })

type Circumstances = {
  production: boolean
  /** Whether users are in this server's own database, not in a user service. */
  ownUsers: boolean
}

/** Every setting of the auth server. In production, settings without a safe default are required (R64). */
export function settingsSchema({ production, ownUsers }: Circumstances) {
  const mongoUrl = connectionAddress({
    schemes: ['mongodb', 'mongodb+srv'],
    example: 'mongodb://host:27017/auth',
    manyHosts: true,
    database: true,
    strict: true,
  })
  return z.object({
    ...serverSettings({ production, port: 3000 }),
    BASE_PATH: basePath().default('/'),
    SITE_NAME: z
      .string()
      .max(40)
      .regex(/^\P{Cc}+$/u, 'This must be one line.')
      .default('Latchkey'),
    ...brandSettings(),
    MONGO_URL: production ? mongoUrl : mongoUrl.optional(),
    CONTACT_URL: z
      .string()
      .regex(
        /^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/,
        'This must be a mailto: or https: address.',
      )
      .optional(),
    ...mailSettings({ required: false }),
    MAIL_SECRETS:
      production && ownUsers
        ? secretList({ strict: true })
        : secretList({ strict: production }).optional(),
    USER_DIRECTORY_URL: webAddress().optional(),
    USER_DIRECTORY_TOKEN:
      production && !ownUsers ? serviceToken(true) : serviceToken(production).optional(),
    KEY_ENCRYPTION_KEY: production
      ? secretList({ strict: true })
      : secretList({ strict: false }).optional(),
    ACCESS_TOKEN_SECONDS: wholeNumber({ min: 1, max: 3600 }).default(300),
    REFRESH_DAYS: positiveNumber({ max: 3650 }).default(90),
    REFRESH_LEEWAY: wholeNumber({ min: 0, max: 600 }).default(10),
    CORS_ORIGINS: originList().default([]),
    OUTBOUND_ALLOW: networkList().default(production ? [] : localNetworks),
    RETURN_TO_ORIGINS: originList().default([]),
    KEEP_ON_SIGN_IN: sessionFields().default([]),
    CLEAR_SITE_DATA: clearSiteData().default(['cache', 'storage']),
    REQUIRE_SECOND_FACTOR: z
      .enum(['none', 'admins', 'all'], 'This must be none, admins or all.')
      .default(production ? 'admins' : 'none'),
    ON_RESTORE: z.enum(['end', 'hold'], 'This must be end or hold.').default('end'),
    RP_NAME: z.string().min(1).max(40).optional(),
    TOTP_DRIFT: wholeNumber({ min: 0, max: 2 }).default(1),
    BCRYPT_COST: wholeNumber({ min: production ? 10 : 4, max: 15 }).default(12),
    PASSWORD_MIN_LENGTH: wholeNumber({ min: 8, max: 64 }).default(15),
    LIMIT_SIGN_IN_PER_ADDRESS: limit.default(100),
    LIMIT_SIGN_IN_PER_ACCOUNT: limit.default(10),
    SUSPEND_AFTER_FAILURES: limit.default(20),
    SUSPEND_MINUTES: wholeNumber({ min: 1, max: 1440 }).default(15),
    LIMIT_VISITORS_PER_ADDRESS: limit.default(300),
    SIGN_UP: signUpSetting().default({ by: 'invite' }),
    SIGN_UP_MAILS_PER_HOUR: limit.default(1000),
    LIMIT_SIGN_UP_PER_ADDRESS: limit.default(20),
    LIMIT_MAIL_PER_ADDRESS: limit.default(20),
    AUDIT_DAYS: wholeNumber({ min: 1, max: 3650 }).default(365),
  })
}

// Fields that the servers keep in a session. A visitor's must never pass for a user's.
const ownFields = ['cookie', 'passport', 'authKit', 'device', 'pendingSignIn', 'passkeyChallenge']

function sessionFields() {
  return commaList().refine(
    (names) => names.every((name) => /^[a-z]\w{0,39}$/i.test(name) && !ownFields.includes(name)),
    `Each entry must be the name of a field such as cart, but not ${ownFields.join(', ')}.`,
  )
}

function serviceToken(strict: boolean) {
  // The characters of a bearer token (RFC 6750, section 2.1).
  return secret({ strict }).regex(
    /^[\w.~+/-]+=*$/,
    'This must consist of letters, digits and -._~+/, optionally followed by =.',
  )
}
